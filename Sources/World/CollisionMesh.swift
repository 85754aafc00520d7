import Core

/// The zone's solid triangles with its objects in place, sorted into square cells for fast questions.
///
/// A class because many zones' worth of triangles are shared by all worlds; nothing in it ever changes.
final class CollisionMesh: Sendable {
  /// A triangle with what the questions need of it.
  struct Face {
    var a: SIMD3<Float>
    var b: SIMD3<Float>
    var c: SIMD3<Float>
    /// Upward part of the unit normal; negative for undersides.
    var up: Float
    var low: Float
    var high: Float
    /// z = a.z + slopeX · (x − a.x) + slopeY · (y − a.y), for faces that are not upright.
    var slopeX: Float
    var slopeY: Float
  }

  struct Ground {
    var z: Double
    /// Upward part of the unit normal. Range: `0...1`.
    var up: Double
    /// Rise per unit to the east and to the north.
    var slopeX: Double
    var slopeY: Double
  }

  let originX: Double
  let originY: Double
  let highX: Double
  let highY: Double
  let cell: Double
  let columns: Int
  let rows: Int
  private let faces: [Face]
  private let all: Cells
  /// The faces that may stop a body, and those that may carry one: most are one or the other.
  private let walls: Cells
  private let floors: Cells

  /// Faces flatter than this stop nobody. The steepest ground that carries has at most this upward part.
  private static let wallUpMax: Float = 0.95
  private static let floorUpMin: Float = 0.02

  /// Which faces touch which cell.
  private struct Cells {
    /// Faces of cell i: `numbers[starts[i]..<starts[i + 1]]`, in the order of the mesh.
    var starts: [Int32]
    var numbers: [Int32]
  }

  init(_ mesh: ZoneMesh, cell: Double = 16) {
    var faces: [Face] = []
    func add(_ a: MeshVertex, _ b: MeshVertex, _ c: MeshVertex, _ material: SurfaceMaterial) {
      guard !material.isPassable else { return }
      let (a, b, c) = (SIMD3(a.x, a.y, a.z), SIMD3(b.x, b.y, b.z), SIMD3(c.x, c.y, c.z))
      let (u, v) = (b - a, c - a)
      let normal = SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
      let length = (normal * normal).sum().squareRoot()
      guard length > 0 else { return }
      let up = normal.z / length
      let isUpright = abs(up) < 0.02
      faces.append(
        Face(
          a: a, b: b, c: c, up: up, low: min(a.z, b.z, c.z), high: max(a.z, b.z, c.z),
          slopeX: isUpright ? 0 : -normal.x / normal.z, slopeY: isUpright ? 0 : -normal.y / normal.z))
    }
    for t in mesh.triangles {
      add(mesh.vertices[Int(t.a)], mesh.vertices[Int(t.b)], mesh.vertices[Int(t.c)], t.material)
    }
    for placement in mesh.placements {
      let corners = mesh.corners(of: placement)
      for t in mesh.models[placement.model].triangles {
        add(corners[Int(t.a)], corners[Int(t.b)], corners[Int(t.c)], t.material)
      }
    }

    let (originX, originY) = (Double(mesh.low.x), Double(mesh.low.y))
    let columns = max(1, Int(((Double(mesh.high.x) - originX) / cell).rounded(.up)))
    let rows = max(1, Int(((Double(mesh.high.y) - originY) / cell).rounded(.up)))
    func cells(of face: Face) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
      func index(_ value: Float, _ origin: Double, _ count: Int) -> Int {
        min(count - 1, max(0, Int(((Double(value) - origin) / cell).rounded(.down))))
      }
      // A little wider than the face, so that a point on an edge finds it from either cell.
      let margin: Float = 0.01
      return (
        index(
          min(face.a.x, face.b.x, face.c.x) - margin, originX, columns)...index(
            max(face.a.x, face.b.x, face.c.x) + margin, originX, columns),
        index(
          min(face.a.y, face.b.y, face.c.y) - margin, originY, rows)...index(
            max(face.a.y, face.b.y, face.c.y) + margin, originY, rows)
      )
    }
    func sorted(_ isWanted: (Face) -> Bool) -> Cells {
      var counts = [Int32](repeating: 0, count: columns * rows + 1)
      for face in faces where isWanted(face) {
        let (across, up) = cells(of: face)
        for row in up { for column in across { counts[row * columns + column + 1] += 1 } }
      }
      for index in 1..<counts.count { counts[index] += counts[index - 1] }
      var next = counts
      var numbers = [Int32](repeating: 0, count: Int(counts[columns * rows]))
      for (number, face) in faces.enumerated() where isWanted(face) {
        let (across, up) = cells(of: face)
        for row in up {
          for column in across {
            let index = row * columns + column
            numbers[Int(next[index])] = Int32(number)
            next[index] += 1
          }
        }
      }
      return Cells(starts: counts, numbers: numbers)
    }
    all = sorted { _ in true }
    walls = sorted { $0.up < Self.wallUpMax }
    floors = sorted { $0.up > Self.floorUpMin }
    self.originX = originX
    self.originY = originY
    highX = Double(mesh.high.x)
    highY = Double(mesh.high.y)
    self.cell = cell
    self.columns = columns
    self.rows = rows
    self.faces = faces
  }

  private func column(_ x: Double) -> Int { min(columns - 1, max(0, Int((x - originX) / cell))) }
  private func row(_ y: Double) -> Int { min(rows - 1, max(0, Int((y - originY) / cell))) }

  private func forEachFace(of cells: borrowing Cells, column: Int, row: Int, _ body: (borrowing Face) -> Void) {
    let index = row * columns + column
    let (first, last) = (Int(cells.starts[index]), Int(cells.starts[index + 1]))
    guard first < last else { return }
    faces.withUnsafeBufferPointer { faces in
      cells.numbers.withUnsafeBufferPointer { numbers in
        for position in first..<last { body(faces[Int(numbers[position])]) }
      }
    }
  }

  /// The highest ground at (x, y) that is not above `z`; nil where there is none.
  func ground(_ x: Double, _ y: Double, below z: Double) -> Ground? {
    var best: Ground?
    let (px, py) = (Float(x), Float(y))
    forEachFace(of: floors, column: column(x), row: row(y)) { face in
      guard face.up > Self.floorUpMin, Double(face.low) <= z else { return }
      // Inside when on the left of all three edges; faces that look up run counter-clockwise.
      let tolerance: Float = -0.001
      guard (face.b.x - face.a.x) * (py - face.a.y) - (face.b.y - face.a.y) * (px - face.a.x) >= tolerance,
        (face.c.x - face.b.x) * (py - face.b.y) - (face.c.y - face.b.y) * (px - face.b.x) >= tolerance,
        (face.a.x - face.c.x) * (py - face.c.y) - (face.a.y - face.c.y) * (px - face.c.x) >= tolerance
      else { return }
      let height =
        Double(face.a.z) + Double(face.slopeX) * (x - Double(face.a.x)) + Double(face.slopeY) * (y - Double(face.a.y))
      guard height <= z, height > best?.z ?? -.infinity else { return }
      best = Ground(z: height, up: Double(face.up), slopeX: Double(face.slopeX), slopeY: Double(face.slopeY))
    }
    return best
  }

  /// Moves (x, y) out of walls: faces steeper than `carries` that come nearer than `radius` to the body's axis
  /// between heights `low` and `high`.
  func pushedOut(
    _ x: Double, _ y: Double, radius: Double, low: Double, high: Double, carries: Double
  ) -> (x: Double, y: Double) {
    var point = SIMD2(x, y)
    let steep = Float(carries)
    let cells = steep <= Self.wallUpMax ? walls : all
    for _ in 0..<3 {
      var moved = false
      let (firstColumn, lastColumn) = (column(point.x - radius), column(point.x + radius))
      let (firstRow, lastRow) = (row(point.y - radius), row(point.y + radius))
      for row in firstRow...lastRow {
        for column in firstColumn...lastColumn {
          forEachFace(of: cells, column: column, row: row) { face in
            guard face.up < steep, Double(face.high) > low, Double(face.low) < high else { return }
            for height in [low, (low + high) / 2, high] {
              let center = SIMD3(Float(point.x), Float(point.y), Float(height))
              let nearest = CollisionMesh.nearestPoint(on: face, to: center)
              let away = center - nearest
              let distance = Double((away * away).sum().squareRoot())
              guard distance < radius else { continue }
              var (outX, outY) = (Double(away.x), Double(away.y))
              var length = (outX * outX + outY * outY).squareRoot()
              if length < 1e-4 {
                // On the face itself: out along its normal.
                let (u, v) = (face.b - face.a, face.c - face.a)
                (outX, outY) = (Double(u.y * v.z - u.z * v.y), Double(u.z * v.x - u.x * v.z))
                length = (outX * outX + outY * outY).squareRoot()
                guard length > 1e-6 else { continue }
              }
              let push = radius - distance + 1e-4
              point += SIMD2(outX / length * push, outY / length * push)
              moved = true
            }
          }
        }
      }
      if !moved { break }
    }
    return (point.x, point.y)
  }

  /// True when no solid face lies between the two points.
  func isClear(from start: Position, to end: Position) -> Bool {
    let origin = SIMD3(start.x, start.y, start.z)
    let way = SIMD3(end.x, end.y, end.z) - origin
    var (column, row) = (self.column(start.x), self.row(start.y))
    let (lastColumn, lastRow) = (self.column(end.x), self.row(end.y))
    let (stepColumn, stepRow) = (way.x >= 0 ? 1 : -1, way.y >= 0 ? 1 : -1)
    func crossing(_ origin: Double, _ way: Double, _ index: Int, _ base: Double) -> Double {
      guard abs(way) > 1e-9 else { return .infinity }
      return (base + Double(index + (way >= 0 ? 1 : 0)) * cell - origin) / way
    }
    for _ in 0...(columns + rows) {
      var isBlocked = false
      forEachFace(of: all, column: column, row: row) { face in
        if !isBlocked, CollisionMesh.hits(face, origin, way) { isBlocked = true }
      }
      if isBlocked { return false }
      if column == lastColumn && row == lastRow { return true }
      let (toColumn, toRow) = (
        crossing(start.x, way.x, column, originX), crossing(start.y, way.y, row, originY)
      )
      if toColumn < toRow {
        column += stepColumn
      } else {
        row += stepRow
      }
      guard (0..<columns).contains(column), (0..<rows).contains(row) else { return true }
    }
    return true
  }

  /// Möller and Trumbore: "Fast, minimum storage ray-triangle intersection" (1997), for a segment, either side.
  private static func hits(_ face: borrowing Face, _ origin: SIMD3<Double>, _ way: SIMD3<Double>) -> Bool {
    let a = SIMD3<Double>(face.a)
    let (u, v) = (SIMD3<Double>(face.b) - a, SIMD3<Double>(face.c) - a)
    let p = cross(way, v)
    let determinant = (u * p).sum()
    guard abs(determinant) > 1e-12 else { return false }
    let from = origin - a
    let first = (from * p).sum() / determinant
    guard (0...1).contains(first) else { return false }
    let q = cross(from, u)
    let second = (way * q).sum() / determinant
    guard second >= 0, first + second <= 1 else { return false }
    return (1e-6...1).contains((v * q).sum() / determinant)
  }

  private static func cross(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
  }

  /// Ericson: "Real-Time Collision Detection" (2005), 5.1.5.
  private static func nearestPoint(on face: borrowing Face, to p: SIMD3<Float>) -> SIMD3<Float> {
    let (a, b, c) = (face.a, face.b, face.c)
    let (ab, ac, ap) = (b - a, c - a, p - a)
    let (d1, d2) = ((ab * ap).sum(), (ac * ap).sum())
    if d1 <= 0 && d2 <= 0 { return a }
    let bp = p - b
    let (d3, d4) = ((ab * bp).sum(), (ac * bp).sum())
    if d3 >= 0 && d4 <= d3 { return b }
    let vc = d1 * d4 - d3 * d2
    if vc <= 0 && d1 >= 0 && d3 <= 0 { return a + ab * (d1 / (d1 - d3)) }
    let cp = p - c
    let (d5, d6) = ((ab * cp).sum(), (ac * cp).sum())
    if d6 >= 0 && d5 <= d6 { return c }
    let vb = d5 * d2 - d1 * d6
    if vb <= 0 && d2 >= 0 && d6 <= 0 { return a + ac * (d2 / (d2 - d6)) }
    let va = d3 * d6 - d5 * d4
    if va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 { return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6))) }
    let scale = 1 / (va + vb + vc)
    return a + ab * (vb * scale) + ac * (vc * scale)
  }
}
