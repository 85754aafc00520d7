import Core

/// How a client's memory can go wrong, for fault tests. All but `slow` come and go: three seconds of order, three
/// seconds of fault.
public enum Misbehaviour: String, CaseIterable, Sendable {
  /// Every other frame stays half written, with an odd counter; the rest mixes old and new.
  case torn
  /// The spawn list runs in a circle.
  case cycle
  /// Nodes hold numbers that mean nothing, and one points outside of all memory.
  case garbage
  /// Nothing is written any more, as when the client hangs.
  case freeze
  /// Some pointers are null or lead nowhere.
  case partial
  /// Two frames a second.
  case slow

  func isActive(step: Int) -> Bool { step / 90 % 2 == 1 }

  func skips(step: Int) -> Bool {
    switch self {
    case .freeze: isActive(step: step)
    case .slow: step % 15 != 0
    case .torn, .cycle, .garbage, .partial: false
    }
  }
}

extension Mirror {
  func misbehave(_ kind: Misbehaviour, step: Int) {
    let nodes = nodes.blocks
    guard let first = nodes.first, let last = nodes.last, nodes.count > 2 else { return }
    guard kind.isActive(step: step) else {
      repair()
      return
    }
    var generator = SeededGenerator(seed: UInt64(truncatingIfNeeded: step), stream: 77)
    switch kind {
    case .freeze, .slow: break
    case .torn:
      for node in nodes where generator.chance(0.3) {
        node.store(Float(generator.uniform(-500...500)), at: table.spawn_x)
      }
    case .cycle:
      last.store(first.address, at: table.spawn_next)
    case .garbage:
      for node in nodes where generator.chance(0.2) {
        node.store(Float.nan, at: table.spawn_x)
        node.store(Float(3e30), at: table.spawn_z)
        node.store(UInt8(255), at: table.spawn_health_percent)
      }
      nodes[nodes.count / 2].store(UInt64(0x6_6666_6666_6660), at: table.spawn_next)
    case .partial:
      character.store(UInt64(0), at: table.character_inventory)
      client.store(UInt64(0x1_0000), at: table.client_doors)
      client.store(UInt64(0), at: table.client_windows)
      nodes[nodes.count / 2].store(UInt64(0x6_6666_6666_6660), at: table.spawn_next)
    }
  }

  /// Makes whole what `misbehave` may have broken and `write` does not write each frame.
  private func repair() {
    client.store(windows.address, at: table.client_windows)
    client.store(doors.address, at: table.client_doors)
    character.store(inventory.address, at: table.character_inventory)
    let nodes = nodes.blocks
    for (index, node) in nodes.enumerated() {
      node.store(index + 1 < nodes.count ? nodes[index + 1].address : 0, at: table.spawn_next)
    }
  }
}
