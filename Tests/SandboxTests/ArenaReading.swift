import CSandboxMemory
import SandboxMirror

/// Reads a client's memory through the C structs, as its own debugger would.
struct ClientMemory {
  /// Fills the bytes from an address; false when they are not there.
  let read: (UInt64, UnsafeMutableRawBufferPointer) -> Bool

  init(_ memory: MirrorMemory) {
    read = { memory.read($0, into: $1) == $1.count }
  }

  init(read: @escaping (UInt64, UnsafeMutableRawBufferPointer) -> Bool) {
    self.read = read
  }

  func value<Value: BitwiseCopyable>(_ address: UInt64, _ zero: Value) -> Value? {
    var value = zero
    return withUnsafeMutableBytes(of: &value) { read(address, $0) } ? value : nil
  }

  func root(_ address: UInt64) -> sandbox1_root? { value(address, sandbox1_root()) }

  func client(_ root: UInt64) -> sandbox1_client? {
    self.root(root).flatMap { value($0.client, sandbox1_client()) }
  }

  /// The spawn list of a client in layout 1 from its head, with addresses; nil when it is not whole.
  func spawns(_ root: UInt64) -> [(address: UInt64, node: sandbox1_spawn)]? {
    guard let client = client(root), let list = value(client.spawns, sandbox1_spawns()) else { return nil }
    var spawns: [(address: UInt64, node: sandbox1_spawn)] = []
    var (next, previous) = (list.head, UInt64(0))
    while next != 0 {
      guard spawns.count < 4096, let node = value(next, sandbox1_spawn()), node.previous == previous else {
        return nil
      }
      spawns.append((next, node))
      (previous, next) = (next, node.next)
    }
    return spawns.count == Int(list.count) && list.tail == previous ? spawns : nil
  }
}

/// The text of a C name.
func text<Name>(_ name: Name) -> String {
  withUnsafeBytes(of: name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
