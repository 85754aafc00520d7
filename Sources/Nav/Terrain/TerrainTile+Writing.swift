extension TerrainTile {
  /// The payload of a tile; `layers` in rising sheet order, each with at least one cell.
  static func encode(_ layers: [TerrainTileLayer]) -> [UInt8] {
    var payload: [UInt8] = []
    for layer in layers { append(layer, to: &payload) }
    return payload
  }

  private static func append(_ layer: TerrainTileLayer, to payload: inout [UInt8]) {
    var head = TerrainBytes()
    head.u16(UInt16(truncatingIfNeeded: layer.sheet))
    if let whole = plane(layer, x0: 0, y0: 0, side: TerrainTileLayer.side), whole.width == 0, !whole.hasVoid,
      Set(layer.surfaces).count == 1
    {
      head.u16(1)
      head.u32(24)
      whole.append(to: &head, coding: UInt16(layer.surfaces[0]) << 8, data: 0)
      head.pad(to: 8)
      payload += head.bytes
      return
    }
    var records = TerrainBytes()
    var data = TerrainBytes()
    for block in 0..<16 {
      let x0 = block % 4 * 8
      let y0 = block / 4 * 8
      encodeBlock(layer, x0: x0, y0: y0, records: &records, data: &data)
    }
    // Residuals are loaded four bytes at a time.
    data.u32(0)
    data.pad(to: 8)
    head.u16(0)
    head.u32(UInt32(headBytes + recordsBytes + data.bytes.count))
    payload += head.bytes
    payload += records.bytes
    payload += data.bytes
  }

  private static func encodeBlock(
    _ layer: TerrainTileLayer, x0: Int, y0: Int, records: inout TerrainBytes, data: inout TerrainBytes
  ) {
    let offset = data.bytes.count / 8
    guard let plane = plane(layer, x0: x0, y0: y0, side: 8) else {
      // Nothing here: a void mask of zeros.
      Plane(base: 0, gradientX: 0, gradientY: 0, width: 0, hasVoid: true)
        .append(to: &records, coding: 0x20, data: UInt16(truncatingIfNeeded: offset))
      data.u64(0)
      return
    }
    var present: UInt64 = 0
    var codes: [UInt8] = []
    var cells = [UInt8](repeating: 0, count: 64)
    for cell in 0..<64 {
      let index = (y0 + cell / 8) * TerrainTileLayer.side + x0 + cell % 8
      guard layer.heights[index] != TerrainTileLayer.void else { continue }
      present |= 1 << UInt64(cell)
      cells[cell] = layer.surfaces[index] & 15
      if !codes.contains(cells[cell]) { codes.append(cells[cell]) }
    }
    codes.sort()
    var coding = UInt16(plane.width) | (plane.hasVoid ? 0x20 : 0) | UInt16(codes[0]) << 8
    if plane.hasVoid { data.u64(present) }
    if codes.count == 2 {
      coding |= 1 << 6 | UInt16(codes[1]) << 12
      var mask: UInt64 = 0
      for cell in 0..<64 where cells[cell] == codes[1] { mask |= 1 << UInt64(cell) }
      data.u64(mask)
    } else if codes.count > 2 {
      coding |= 2 << 6
      for pair in 0..<32 { data.u8(cells[2 * pair] | cells[2 * pair + 1] << 4) }
    }
    plane.append(to: &records, coding: coding, data: UInt16(truncatingIfNeeded: offset))
    guard plane.width > 0 else { return }
    var accumulator: UInt64 = 0
    var filled = 0
    for cell in 0..<64 {
      let x = cell % 8
      let y = cell / 8
      let z = layer.heights[(y0 + y) * TerrainTileLayer.side + x0 + x]
      let residual = z == TerrainTileLayer.void ? 0 : UInt64(UInt32(bitPattern: z &- plane.height(x, y)))
      accumulator |= residual << UInt64(filled)
      filled += plane.width
      while filled >= 8 {
        data.u8(UInt8(truncatingIfNeeded: accumulator))
        accumulator >>= 8
        filled -= 8
      }
    }
  }

  /// The predictor of a block and the width of what it leaves.
  private struct Plane {
    var base: Int32
    var gradientX: Int32
    var gradientY: Int32
    var width: Int
    var hasVoid: Bool

    func height(_ x: Int, _ y: Int) -> Int32 {
      (base &+ gradientX &* Int32(truncatingIfNeeded: x) &+ gradientY &* Int32(truncatingIfNeeded: y)) >> 8
    }

    func append(to bytes: inout TerrainBytes, coding: UInt16, data: UInt16) {
      bytes.i32(base)
      bytes.u16(UInt16(bitPattern: Int16(truncatingIfNeeded: gradientX)))
      bytes.u16(UInt16(bitPattern: Int16(truncatingIfNeeded: gradientY)))
      bytes.u16(coding)
      bytes.u16(data)
    }
  }

  /// The best of a least-squares plane and a level one; nil when every cell is void.
  private static func plane(_ layer: TerrainTileLayer, x0: Int, y0: Int, side: Int) -> Plane? {
    layer.heights.withUnsafeBufferPointer { heights in
      var count = 0.0
      var sumX = 0.0
      var sumY = 0.0
      var sumZ = 0.0
      var sumXX = 0.0
      var sumXY = 0.0
      var sumYY = 0.0
      var sumXZ = 0.0
      var sumYZ = 0.0
      for y in 0..<side {
        for x in 0..<side {
          let z = heights[(y0 + y) * TerrainTileLayer.side + x0 + x]
          guard z != TerrainTileLayer.void else { continue }
          let (dx, dy, dz) = (Double(x), Double(y), Double(z))
          count += 1
          sumX += dx
          sumY += dy
          sumZ += dz
          sumXX += dx * dx
          sumXY += dx * dy
          sumYY += dy * dy
          sumXZ += dx * dz
          sumYZ += dy * dz
        }
      }
      guard count > 0 else { return nil }
      let xx = sumXX - sumX * sumX / count
      let xy = sumXY - sumX * sumY / count
      let yy = sumYY - sumY * sumY / count
      let xz = sumXZ - sumX * sumZ / count
      let yz = sumYZ - sumY * sumZ / count
      let determinant = xx * yy - xy * xy
      var gradients: [(Double, Double)] = [(0, 0)]
      if determinant > 1e-9 {
        gradients.append(((xz * yy - yz * xy) / determinant, (yz * xx - xz * xy) / determinant))
      }
      var best: Plane?
      for (gradientX, gradientY) in gradients {
        let steepest = 127.0
        let gx = Int32((min(max(gradientX, -steepest), steepest) * 256).rounded())
        let gy = Int32((min(max(gradientY, -steepest), steepest) * 256).rounded())
        // Bases that make the smallest residual 0, tried at both ends and the middle of the rounding interval.
        var least = Int64.max
        var most = Int64.min
        for y in 0..<side {
          for x in 0..<side {
            let z = heights[(y0 + y) * TerrainTileLayer.side + x0 + x]
            guard z != TerrainTileLayer.void else { continue }
            let rest = Int64(z) << 8 - Int64(gx) * Int64(x) - Int64(gy) * Int64(y)
            least = min(least, rest)
            most = max(most, rest)
          }
        }
        // Residual 0 for all needs a base in (most, least + 255]; then every cell floors to its own height.
        let isExact = most <= least + 255
        let base64 = isExact ? least + 255 : least
        guard let base = Int32(exactly: isExact ? max(most, (most + least + 255) / 2) : base64) else { continue }
        var candidate = Plane(
          base: base, gradientX: gx, gradientY: gy, width: 0, hasVoid: Int(count) < side * side)
        if !isExact {
          var largest: Int32 = 0
          var smallest = Int32.max
          for y in 0..<side {
            for x in 0..<side {
              let z = heights[(y0 + y) * TerrainTileLayer.side + x0 + x]
              guard z != TerrainTileLayer.void else { continue }
              let rest = z &- candidate.height(x, y)
              largest = max(largest, rest)
              smallest = min(smallest, rest)
            }
          }
          // Lift the base so that the smallest residual is 0.
          candidate.base = candidate.base &+ smallest << 8
          candidate.width = 32 - (largest - smallest).leadingZeroBitCount
        }
        if best == nil || candidate.width < best?.width ?? 0 { best = candidate }
      }
      return best
    }
  }
}
