import Core
import Perception

/// Makes an entity the client's target.
///
/// Whoever is the nearest of all is reached by one next-target tap where the taps begin anew: a key is quicker than a
/// line, and leaves the line free for what comes next. Else whoever is the nearest of its name is named in the chat
/// line; others are reached by next-target taps, as many as there are nearer ones. What fails is tried the other way,
/// then given up.
public struct TakeTarget: Sendable {
  enum State: Hashable, Sendable {
    case choosing
    /// A tap or a line is on its way; the target was `before`.
    case waiting(before: EntityID?, until: Tick)
  }

  public let wanted: EntityID
  private(set) var state: State = .choosing
  /// Taps and typed lines so far.
  public private(set) var taps = 0
  private var lines = 0
  private var tapsMax: Int?

  /// Slots that a tap is given to show.
  static let tapSlots = 4
  /// Slots that a typed line is given to show.
  static let lineSlots = 15
  static let linesMax = 2
  /// Taps beyond those that should be enough, and the most of all.
  static let tapsSpare = 8
  static let tapsCap = 40

  public init(_ wanted: EntityID) {
    self.wanted = wanted
  }

  public mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> TaskStep {
    let now = context.state.target
    if now == wanted { return .done }
    guard let spawn = context.spawn(wanted) else { return .failed(.targetGone) }
    if case .waiting(let before, let until) = state {
      guard now != before || context.tick >= until else { return .running }
      state = .choosing
    }
    let rank = Rank(of: spawn, context)
    let isFirst = rank.nearer == 0 && taps == 0 && !cycles(spawn.kind, from: now, context)
    if rank.isNearestOfName, lines == 0, !isFirst { return type(spawn, context, &hands) }
    let limit = tapsMax ?? min(Self.tapsCap, rank.nearer + Self.tapsSpare)
    tapsMax = limit
    if taps < limit {
      hands.tap(spawn.kind == .corpse ? .targetNextCorpse : .targetNextNPC)
      hands.progress()
      taps += 1
      state = .waiting(before: now, until: context.tick + Self.tapSlots)
      return .running
    }
    return type(spawn, context, &hands)
  }

  /// The next tap goes on from the target that there is, instead of beginning with the nearest.
  private func cycles(_ kind: SpawnKind, from target: EntityID?, _ context: RoutineContext) -> Bool {
    target.flatMap(context.spawn)?.kind == kind
  }

  private mutating func type(
    _ spawn: Spawn, _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    guard lines < Self.linesMax else { return .failed(.targetNotTaken) }
    guard hands.type(ClientCommands.target(spawn.name)) else { return .running }
    lines += 1
    state = .waiting(before: context.state.target, until: context.tick + Self.lineSlots)
    return .running
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(taps)
    hash.combine(lines)
  }

  /// Where an entity stands among those that the keys would give before it.
  private struct Rank {
    var nearer = 0
    var isNearestOfName = true

    init(of spawn: Spawn, _ context: RoutineContext) {
      let reach = context.distance(to: spawn)
      context.onScan?(context.state.spawns.count)
      for other in context.state.spawns where other.id != spawn.id {
        let isNearer = context.distance(to: other) < reach
        guard isNearer else { continue }
        if other.kind == spawn.kind { nearer += 1 }
        if other.name == spawn.name { isNearestOfName = false }
      }
    }
  }
}
