import Core
import Perception

/// Makes an entity the client's target: next-target taps until it is, then its name typed, then it gives up.
public struct TakeTarget: Sendable {
  enum State: Hashable, Sendable {
    case tapping(count: Int)
    case waiting(count: Int, before: EntityID?, until: Tick)
    case typed(until: Tick)
  }

  public let wanted: EntityID
  private(set) var state: State = .tapping(count: 0)
  /// The first target that the taps gave: when it comes again, the round is over.
  private var first: EntityID?
  private var rounds = 0
  private var typedOnce = false

  /// Taps of one try.
  static let tapsMax = 14
  /// Slots that a tap is given to show.
  static let tapSlots = 3
  /// Slots that a typed line is given to show.
  static let typeSlots = 30

  public init(_ wanted: EntityID) {
    self.wanted = wanted
  }

  /// Taps so far.
  public var taps: Int {
    switch state {
    case .tapping(let count), .waiting(let count, _, _): count
    case .typed: Self.tapsMax
    }
  }

  public mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> TaskStep {
    if context.state.target == wanted { return .done }
    guard let spawn = context.spawn(wanted) else { return .failed(.targetGone) }
    switch state {
    case .tapping(let count):
      return tap(count, spawn, context, &hands)
    case .waiting(let count, let before, let until):
      let now = context.state.target
      guard now != before || context.tick >= until else { return .running }
      if let now, now != before {
        if now == first { rounds += 1 }
        first = first ?? now
      }
      state = .tapping(count: count)
      return tap(count, spawn, context, &hands)
    case .typed(let until):
      return context.tick < until ? .running : .failed(.targetNotTaken)
    }
  }

  private mutating func tap(
    _ count: Int, _ spawn: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    if count < Self.tapsMax, rounds < 2 {
      hands.tap(spawn.kind == .corpse ? .targetNextCorpse : .targetNextNPC)
      hands.progress()
      state = .waiting(count: count + 1, before: context.state.target, until: context.tick + Self.tapSlots)
      return .running
    }
    guard !typedOnce else { return .failed(.targetNotTaken) }
    guard hands.type(ClientCommands.target(spawn.name)) else { return .running }
    typedOnce = true
    state = .typed(until: context.tick + Self.typeSlots)
    return .running
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(taps)
    hash.combine(rounds)
  }
}
