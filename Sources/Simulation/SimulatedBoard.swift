import Core

/// The board of a party in one process: everybody reads what the others wrote in the tick before, whatever the order
/// in which they are asked.
struct SimulatedBoard {
  private var written: [PeerNote?]
  private var shown: [PeerNote?]

  /// - Parameter count: how many share it; 0 for agents that know nothing of each other.
  init(count: Int) {
    written = Array(repeating: nil, count: count)
    shown = written
  }

  func others(than player: Int) -> [PeerNote] {
    guard shown.count > 1 else { return [] }
    return shown.indices.compactMap { $0 == player ? nil : shown[$0] }
  }

  mutating func put(_ note: PeerNote?, of player: Int) {
    guard player < written.count else { return }
    written[player] = note
  }

  /// The tick is over: what was written is shown.
  mutating func turn() { shown = written }
}
