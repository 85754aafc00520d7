import Core
import Lore
import Nav
import Perception

/// Goes to a point, over zone lines where it lies in another zone, and keeps out of others' sight on the way. Loading
/// screens are pauses of the runner.
struct Travel: Routine {
  enum State: Sendable {
    case walking
    /// On the line; the client has not begun to load.
    case crossing(since: Tick)
  }

  let goal: Position
  let zone: ZoneID
  private var state: State = .walking
  private var walk = CarefulWalk()
  private var here: ZoneID?
  private var enteredZone: Tick = .start
  /// The line to leave the present zone by; nil in the goal's zone, and where no way leads there.
  private var exit: ZoneLine?
  private var crossings = 0

  /// Slots for one zone.
  static let zoneSlots = 3000
  /// Slots that a line is given to take us over.
  static let crossSlots = 50

  init(to goal: Position, zone: ZoneID) {
    self.goal = goal
    self.zone = zone
  }

  var phase: UInt8 {
    switch state {
    case .walking: walk.phase
    case .crossing: 4
    }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard let now = context.state.zone else { return .failed(.stateUnknown) }
    if now != here {
      if here != nil { hands.progress() }
      here = now
      enteredZone = context.tick
      state = .walking
      walk = CarefulWalk()
      crossings = 0
      exit = now == zone ? nil : context.lore.exit(from: now, at: context.state.player.position, to: zone, goal: goal)
    }
    guard context.tick - enteredZone < Self.zoneSlots else { return .failed(.timedOut) }
    if now == zone {
      return switch walk.tick(to: goal, within: 8, context, &hands) {
      case .running: .running
      case .done: .succeeded
      case .failed(let failure): .failed(failure)
      }
    }
    guard let line = exit else { return .failed(.noRoute) }
    return cross(line, context, &hands)
  }

  private mutating func cross(
    _ line: ZoneLine, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    switch state {
    case .walking:
      switch walk.tick(to: line.at, within: max(3, line.radius * 0.5), context, &hands) {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: state = .crossing(since: context.tick)
      }
    case .crossing(let since):
      // Right on the line and still here: a step to its very middle, then on through.
      _ = walk.tick(to: line.at, within: 1.5, context, &hands)
      if context.tick - since > Self.crossSlots {
        crossings += 1
        guard crossings < 3 else { return .failed(.unreachable) }
        walk = CarefulWalk()
        state = .walking
      }
    }
    return .running
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    context.state.zone == zone && context.state.player.position.map { $0.horizontalDistance(to: goal) < 12 } ?? false
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(UInt64(here?.raw ?? 0))
    hash.combine(crossings)
    hash.combine(UInt64(exit?.to.raw ?? 0))
    walk.combine(into: &hash)
  }
}

extension Lore {
  /// The line by which the quickest way to a place of another zone leaves this one: not always the way over the fewest
  /// zones. Nil where there is none.
  func exit(from zone: ZoneID, at place: Position?, to end: ZoneID, goal: Position) -> ZoneLine? {
    guard let place, let lines = self.zone(zone)?.lines else { return line(from: zone, to: end) }
    let graph = ZoneGraph(
      zones.flatMap { zone in
        zone.lines.map { ZoneExit(from: zone.id, to: $0.to, at: $0.at, arrive: $0.arrive) }
      })
    guard let first = try? graph.route(from: zone, at: place, to: end, goal: goal).exits.first else { return nil }
    return lines.first { $0.to == first.to && $0.at == first.at }
  }
}
