import Core

@testable import Perception

/// A program's memory as `Data/layouts/example.json` describes it, laid out in a buffer that tests may spoil.
final class ExampleArena {
  static let base: UInt64 = 0x5000_0000_0000
  let bytes: UnsafeMutableRawBufferPointer
  private var used = 0x1000
  private(set) var nodes: [Int] = []
  private(set) var client = 0
  private(set) var character = 0
  private(set) var selfNode = 0
  static let root = 0x100

  init(spawns: Int, size: Int = 1 << 20) {
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    client = allocate(96)
    character = allocate(128)
    for index in 0..<20 { put(UInt8(index), Self.root + 16 + index) }
    put(UInt32(2), Self.root + 40)
    point(Self.root + 48, client)
    point(client + 16, character)
    put(UInt16(7), client + 32)
    put(UInt16(5), client + 34)
    put(UInt32(1), character)
    put(Int32(90), character + 4)
    put(Int32(100), character + 8)
    put(Int32(3), character + 12)
    put(Int32(25), character + 16)
    for gem in 0..<8 { put(UInt16(gem == 7 ? 65_535 : 100 + gem), character + 24 + gem * 8) }
    put(UInt32(1_500), character + 24 + 4)
    for bag in 0..<2 {
      let place = allocate(32)
      point(client + 40 + bag * 8, place)
      put(UInt16(2), place)
      for item in 0..<2 {
        let node = allocate(8)
        put(UInt32(10 * bag + item + 1), node)
        put(UInt16(item + 1), node + 4)
        point(place + 8 + item * 8, node)
      }
    }
    for id in 1...(spawns + 1) { append(id: UInt32(id)) }
    selfNode = nodes[0]
    point(client, selfNode)
    link()
  }

  deinit { bytes.deallocate() }

  func allocate(_ count: Int) -> Int {
    used += 48
    defer { used += (count + 15) & ~15 }
    return used
  }

  func put<Value: BitwiseCopyable>(_ value: Value, _ place: Int) {
    bytes.storeBytes(of: value, toByteOffset: place, as: Value.self)
  }

  func point(_ place: Int, _ target: Int) { put(target == 0 ? 0 : Self.base + UInt64(target), place) }

  @discardableResult
  func append(id: UInt32) -> Int {
    let node = allocate(160)
    put(id, node + 16)
    for (index, byte) in "a gnoll pup \(id)".utf8.enumerated() { put(byte, node + 20 + index) }
    put(Float(id) * 10, node + 84)
    put(Float(id) * -5, node + 88)
    put(Float(3), node + 92)
    put(Float(128), node + 96)
    put(UInt8(5), node + 100)
    put(UInt8(id == 1 ? 0 : 1), node + 101)
    put(UInt8(0), node + 102)
    put(UInt8(80), node + 103)
    nodes.append(node)
    return node
  }

  func remove(at index: Int) {
    nodes.remove(at: index)
    link()
  }

  /// Links all nodes in order.
  func link() {
    point(client + 24, nodes.first ?? 0)
    for (index, node) in nodes.enumerated() {
      point(node, index + 1 < nodes.count ? nodes[index + 1] : 0)
      point(node + 8, index > 0 ? nodes[index - 1] : 0)
    }
  }

  func nextFrame() {
    put(bytes.load(fromByteOffset: Self.root + 40, as: UInt32.self) &+ 2, Self.root + 40)
  }

  func reader() throws -> SnapshotReader {
    let layout = try Layout.parse(try exampleLayoutText(), file: "example.json")
    return SnapshotReader(
      plan: try LayoutPlan(layout: layout),
      memory: ArenaMemory(base: Self.base, bytes: UnsafeRawBufferPointer(bytes)),
      anchors: [Self.base + UInt64(Self.root)])
  }
}
