import Glibc
import Nav

/// How long a height query takes, and how long the machine takes to read the same memory in any way. Unit: nanoseconds.
///
/// Places are made on the way: a list of them would push the terrain out of the caches. What that costs, and what a
/// query adds to a sum, is part of `random` and `local`.
struct TerrainQueryTimes {
  /// At a place anywhere, by `Terrain.height`.
  var random = 0.0
  /// To make such a place.
  var places = 0.0
  /// To read sixteen bytes anywhere in the file's tile data.
  var bareRead = 0.0
  /// The same where each read must wait for the one before.
  var chainedRead = 0.0
  /// Along sixteen rows, one after another, by a `TerrainCursor`.
  var local = 0.0

  private static let count = 1 << 20
  private static let rowLength = 2048

  init(_ terrain: Terrain, file: String) throws {
    try terrain.verify()
    let bounds = terrain.bounds
    let (west, south) = (bounds.low.x, bounds.low.y)
    let (width, height) = (bounds.high.x - west, bounds.high.y - south)
    var total = 0.0
    random = Self.time {
      var (sum, dice) = (0.0, Dice())
      for _ in 0..<Self.count {
        let (along, up) = dice.next()
        sum += terrain.height(west + width * along, south + height * up, near: 0) ?? 0
      }
      total += sum
    }
    places = Self.time {
      var (sum, dice) = (0.0, Dice())
      for _ in 0..<Self.count {
        let (along, up) = dice.next()
        sum += (west + width * along) + (south + height * up)
      }
      total += sum
    }
    var cursor = TerrainCursor(terrain)
    local = Self.time {
      var sum = 0.0
      for row in 0..<Self.count / Self.rowLength {
        let y = south + height / 2 + Double(row & 15)
        var x = west
        for _ in 0..<Self.rowLength {
          sum += cursor.height(x, y, near: 0) ?? 0
          x += 1
        }
      }
      total += sum
    }
    try readTileData(file, bytes: terrain.sectionBytes.first { $0.name == "TDAT" }?.bytes ?? 0)
    precondition(!total.isNaN, "heights are numbers")
  }

  /// Maps the file once more; the tile data is its last section.
  private mutating func readTileData(_ file: String, bytes: Int) throws {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AssetError(file: file, offset: 0, cause: "cannot open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, bytes >= 64, Int(status.st_size) >= bytes,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
    else { throw AssetError(file: file, offset: 0, cause: "cannot map") }
    defer { munmap(start, Int(status.st_size)) }
    let data = UnsafeRawPointer(start) + (Int(status.st_size) - bytes)
    let lines = UInt64(bytes / 64)
    var total: UInt64 = 0
    bareRead = Self.time {
      var (sum, dice) = (UInt64(0), Dice())
      for _ in 0..<Self.count { sum &+= Self.read(data, line: dice.next(below: lines)) }
      total &+= sum
    }
    chainedRead = Self.time {
      var (last, dice) = (UInt64(0), Dice())
      for _ in 0..<Self.count {
        dice.state &+= last & 1
        last = Self.read(data, line: dice.next(below: lines))
      }
      total &+= last
    }
    guard total != 0 else { throw AssetError(file: file, offset: 0, cause: "all of its tile data is 0") }
  }

  @inline(__always)
  private static func read(_ data: UnsafeRawPointer, line: UInt64) -> UInt64 {
    let place = data + Int(truncatingIfNeeded: line) &* 64
    return place.loadUnaligned(as: UInt64.self) &+ place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
  }

  /// The shortest of several runs, a query each.
  private static func time(_ body: () -> Void) -> Double { TerrainBenchmark.best(5, body) / Double(count) * 1e9 }

  /// Quick, and as good as it must be.
  private struct Dice {
    var state: UInt64 = 1

    @inline(__always)
    private mutating func step() {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    }

    /// Both 0..<1.
    @inline(__always)
    mutating func next() -> (Double, Double) {
      step()
      return (Double(state >> 40) * 0x1p-24, Double(state >> 16 & 0xFF_FFFF) * 0x1p-24)
    }

    @inline(__always)
    mutating func next(below count: UInt64) -> UInt64 {
      step()
      return (state >> 32 &* count) >> 32
    }
  }
}
