import Core
import Perception

/// Opens a corpse at our feet, takes what lies in it, closes the window. The corpse must be the client's target.
public struct TakeAll: Sendable {
  enum State: Hashable, Sendable {
    case opening(at: Tick?, tries: Int)
    case taking(at: Tick?, tries: Int, left: Int)
    case closing(since: Tick)
  }

  public let corpse: EntityID
  private(set) var state: State = .opening(at: nil, tries: 0)
  /// Items taken so far.
  public private(set) var taken = 0
  /// The window has been open.
  public var hasOpened: Bool {
    if case .opening = state { false } else { true }
  }

  private var verdict: TaskStep = .done

  static let openSlots = 10
  static let takeSlots = 10
  static let triesMax = 4

  public init(_ corpse: EntityID) {
    self.corpse = corpse
  }

  public mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> TaskStep {
    let window = context.state.loot
    switch state {
    case .opening(let at, let tries):
      if let window, window.corpse == corpse {
        state = .taking(at: nil, tries: 0, left: window.items.count)
        hands.progress()
        return tick(context, &hands)
      }
      if let at, context.tick - at < Self.openSlots { return .running }
      guard tries < Self.triesMax else {
        return .failed(context.spawn(corpse) == nil ? .corpseGone : .windowDidNotOpen)
      }
      hands.tap(.openLoot)
      state = .opening(at: context.tick, tries: tries + 1)
      return .running
    case .taking(let at, let tries, let left):
      guard let window, window.corpse == corpse else {
        // The window closes by itself when nothing is left.
        taken += left
        return .done
      }
      if window.items.count < left {
        taken += left - window.items.count
        hands.progress()
      }
      if window.items.isEmpty { return close(.done, context, &hands) }
      if let at, context.tick - at < Self.takeSlots {
        state = .taking(at: at, tries: tries, left: window.items.count)
        return .running
      }
      if context.state.inventory.slotsFree == 0 { return close(.failed(.bagsFull), context, &hands) }
      guard tries < Self.triesMax else {
        return close(taken > 0 ? .done : .failed(.nothingGained), context, &hands)
      }
      guard hands.type(ClientCommands.lootAll) else { return .running }
      state = .taking(at: context.tick, tries: tries + 1, left: window.items.count)
      return .running
    case .closing(let since):
      guard window != nil, context.tick - since < Self.takeSlots else { return verdict }
      return .running
    }
  }

  private mutating func close(
    _ verdict: TaskStep, _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    hands.tap(.closeWindow)
    self.verdict = verdict
    state = .closing(since: context.tick)
    return .running
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(taken)
    switch state {
    case .opening(let at, let tries):
      hash.combine(at?.slot ?? -1)
      hash.combine(tries)
    case .taking(let at, let tries, let left):
      hash.combine(at?.slot ?? -1)
      hash.combine(tries << 8 | left)
    case .closing(let since): hash.combine(since.slot)
    }
  }
}
