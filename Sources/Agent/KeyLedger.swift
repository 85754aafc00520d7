import Core
import Routines

/// Knows which keys the agent holds, and turns the wishes of a tick into commands: what is no longer wished goes up,
/// then the strokes in their order, then every wished key is held anew.
struct KeyLedger: Sendable {
  private(set) var held: KeySet = .none
  private(set) var commands: [MotorCommand] = []
  private var isQuiet = false

  init() {
    commands.reserveCapacity(32)
  }

  /// The commands of a tick in which the agent acts.
  mutating func settle(_ hands: Hands) {
    commands.removeAll(keepingCapacity: true)
    isQuiet = false
    let gone = KeySet(bits: held.bits & ~hands.held.bits)
    append(gone) { .release($0) }
    commands.append(contentsOf: hands.strokes)
    append(hands.held) { .hold($0) }
    held = hands.held
  }

  /// The commands of a tick in which the agent holds still: everything up, said once and again while a key is down.
  mutating func letGo(reported: KeySet) {
    commands.removeAll(keepingCapacity: true)
    if !isQuiet || !reported.isEmpty { commands.append(.releaseAll) }
    isQuiet = true
    held = .none
  }

  /// Without an iterator, which would allocate.
  private mutating func append(_ keys: KeySet, as command: (KeyAction) -> MotorCommand) {
    var rest = keys.bits
    while rest != 0 {
      let raw = UInt8(rest.trailingZeroBitCount)
      rest &= rest - 1
      if let key = KeyAction(rawValue: raw) { commands.append(command(key)) }
    }
  }
}
