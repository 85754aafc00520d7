import Core
import Nav
import Perception
import Telemetry

/// Walks to a place or after something that moves: route, steering, arrival, and a way out when stuck.
///
/// The goal may move from tick to tick; the route is made again when it has moved far. The route is a path over the
/// zone's terrain; it is a straight line where the terrain is not there, or where nothing stands in a short way.
public struct Walk: Sendable {
  /// What kind of route is being walked.
  public enum RouteKind: UInt8, Sendable {
    case none
    /// Over the terrain, to the goal.
    case path
    /// Over the terrain, as near to the goal as one gets; why is kept in `shortfall`.
    case partialPath
    /// The terrain says that the straight way is open.
    case direct
    /// No terrain: straight ahead and hope.
    case blind
  }

  public private(set) var kind: RouteKind = .none
  /// Why the route ends before the goal, or why there is none.
  public private(set) var shortfall: PathFailure?
  private var follower: PathFollower?
  private var turner = Turner()
  private var plannedFor: Position = .origin
  private var plannedAt: Tick = .start
  private var nearest = Double.infinity
  private var partials = 0
  private var replans = 0
  private var search: Search?
  private var shownStep = StuckStep.none
  var lastDoor: Tick?

  /// A search that takes more than one tick.
  private struct Search: Sendable {
    var from: Position
    /// As it was when the search began: another one would begin it anew.
    var danger: DangerField
    /// What is left of the danger when the search takes too long with all of it.
    var least: DangerField
    var ticks = 0
    /// There was a way when it began, which is walked meanwhile.
    var isRenewal: Bool
    /// There was none: we have set out straight ahead, as far as nobody is near.
    var isHeadStart = false
  }

  /// There is a way to walk while another one is looked for.
  private var isRenewing: Bool { (search?.isRenewal ?? false) && follower != nil }

  /// We walk straight ahead while the way is looked for.
  private var isAhead: Bool { (search?.isHeadStart ?? false) && follower != nil }

  /// Slots between two plans for a goal that moves.
  static let replanSlots = 10
  /// Units within which the straight way is looked at before a search is made.
  static let directReach = 80.0
  static let partialsMax = 3
  static let replansMax = 4
  /// Ticks that one search may take.
  static let searchTicksMax = 100
  /// Ticks that a way around enemies is looked for before any way will do.
  static let dangerTicksMax = 20
  /// What is walked straight ahead while a way around enemies is looked for: as far as the longest of these searches
  /// lasts, in strides, and not at all for less than a stride. Unit: world units.
  static let headStart = 60.0
  static let stride = 15.0
  /// Nodes a tick of such a search, each of which looks at nine cells' danger: a third of a millisecond.
  static let dangerNodes = 150

  public init() {}

  /// Steers for one tick.
  /// - Parameters:
  ///   - goal: Where to; may move.
  ///   - radius: Units around the goal that count as there. Range: `1...`.
  ///   - setsOut: Walks straight ahead while a way around the danger is looked for. For whoever goes up to somebody
  ///     anyway; who keeps his distance stands until the way is known.
  ///   - clearOf: Whom the way is to keep clear of, if a way is found that does.
  public mutating func tick(
    to goal: Position, within radius: Double, setsOut: Bool = false, clearOf: ClearOf = .nobody,
    _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    guard let position = context.state.player.position, let heading = context.state.player.heading, goal.isFinite
    else { return .failed(.stateUnknown) }
    let distance = position.horizontalDistance(to: goal)
    // Who swims is far above the floor that is walked: floors are compared with floors.
    let floor = context.navigator?.ground(at: position) ?? position
    if distance <= radius, min(abs(position.z - goal.z), abs(floor.z - goal.z)) <= 25 { return .done }
    if distance < nearest - 1 {
      nearest = distance
      hands.progress()
    }
    guard hands.take(posture: .standing, context.state) else { return .running }
    if let failure = plan(from: position, to: goal, radius, setsOut, clearOf, context, &hands) {
      return .failed(failure)
    }
    // The way is still being looked for: what was known of the old one may be wrong.
    guard search == nil || isRenewing || isAhead else { return .running }
    guard var follower else { return .failed(.noRoute) }
    let steering = follower.steer(position: floor, heading: heading, tick: context.tick)
    self.follower = follower
    if kind != .partialPath, !isAhead { hands.way = WayLeft(goal: goal, left: steering.remaining) }
    open(at: position, steering, context, &hands)
    if steering.hasArrived {
      // So far straight ahead: the rest is for the search to find.
      if isAhead {
        self.follower = nil
        return .running
      }
      return endOfRoute(distance: distance, radius: radius)
    }
    return carryOut(steering, at: position, context, &hands)
  }

  /// There is a route.
  public var isPlanned: Bool { follower != nil }

  /// The route, and the leg of it that is being walked; nil while there is none.
  public var route: (path: Path, leg: Int)? { follower.map { ($0.path, $0.leg) } }

  /// Goes on along `path`, which somebody else has found; `radius` as for `tick`.
  public mutating func take(_ path: Path, within radius: Double, _ context: RoutineContext) {
    guard let end = path.end else { return }
    search = nil
    shortfall = nil
    plannedFor = end
    plannedAt = context.tick
    _ = follow(path, .path, radius, context)
  }

  public func combine(into hash: inout StableHash) {
    turner.combine(into: &hash)
    hash.combine(UInt64(kind.rawValue))
    hash.combine(plannedAt.slot)
    hash.combine(follower?.leg ?? -1)
    hash.combine(UInt64(shownStep.rawValue))
    hash.combine(search?.ticks ?? -1)
    hash.combine(UInt64(isAhead ? 1 : 0))
  }
}

extension Walk {
  /// Makes a route where there is none, or where the goal has moved away from the old one's end.
  private mutating func plan(
    from position: Position, to goal: Position, _ radius: Double, _ setsOut: Bool, _ clearOf: ClearOf,
    _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineFailure? {
    if search != nil { return find(radius, context, &hands) }
    var isRenewal = false
    if follower != nil {
      let moved = plannedFor.horizontalDistance(to: goal)
      let allowed = max(radius * 0.5, 0.15 * position.horizontalDistance(to: goal))
      let isOld =
        context.tick - plannedAt >= DangerAhead.renewSlots
        && !clearOf.danger(towards: goal, context, &hands.ways).isEmpty
      let isAstray = moved > allowed && context.tick - plannedAt >= Self.replanSlots
      guard isOld || isAstray else { return nil }
      isRenewal = !isAstray
    }
    plannedFor = goal
    plannedAt = context.tick
    guard let navigator = context.navigator else {
      shortfall = .staleTerrain
      return follow(hands.ways.straight(position, goal), .blind, radius, context)
    }
    var danger = clearOf.danger(towards: goal, context, &hands.ways)
    if replans == 0, danger.isEmpty, position.horizontalDistance(to: goal) <= Self.directReach,
      navigator.isWalkable(from: position, to: goal)
    {
      return follow(hands.ways.straight(position, goal), .direct, radius, context)
    }
    var least = DangerField()
    if replans > 0 {
      least.zones = hands.places.zones(tick: context.tick)
      danger.zones += least.zones
    }
    search = Search(from: position, danger: danger, least: least, isRenewal: isRenewal)
    if let failure = find(radius, context, &hands) { return failure }
    if setsOut, search != nil, follower == nil, replans == 0 {
      setOut(from: position, to: goal, radius, navigator, context, &hands)
    }
    return nil
  }

  /// Sets out straight ahead while a way around enemies is looked for, where only they stand in the straight way and we
  /// come near none yet: most such ways begin so, and whoever stands still meanwhile loses up to two seconds before
  /// every walk.
  private mutating func setOut(
    from position: Position, to goal: Position, _ radius: Double, _ navigator: Navigator, _ context: RoutineContext,
    _ hands: inout Hands
  ) {
    guard let danger = search?.danger, !danger.isEmpty, navigator.isWalkable(from: position, to: goal) else { return }
    let heading = position.heading(to: goal)
    let most = min(Self.headStart, position.horizontalDistance(to: goal) - radius)
    var end: Position?
    var reach = Self.stride
    while reach <= most {
      let next = position.moved(reach, along: heading)
      let isClear = danger.zones.allSatisfy {
        let far = $0.center.horizontalDistance(to: next)
        return far > $0.radius + $0.falloff || far > $0.center.horizontalDistance(to: position)
      }
      guard isClear else { break }
      end = next
      reach += Self.stride
    }
    guard let end else { return }
    search?.isHeadStart = true
    _ = follow(hands.ways.straight(position, end), .direct, radius, context)
  }

  /// Looks for the way from where the search began, a part of it each tick.
  private mutating func find(
    _ radius: Double, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineFailure? {
    guard let known = search, let navigator = context.navigator else {
      search = nil
      return .noTerrain
    }
    let found = hands.ways.path(
      navigator, from: known.from, to: plannedFor, danger: known.danger,
      nodeBudget: known.danger.isEmpty ? Navigator.nodeBudget : Self.dangerNodes)
    let hasLess = known.danger.zones.count > known.least.zones.count
    if found.failure == .budget {
      if known.ticks < (known.danger.isEmpty ? Self.searchTicksMax : Self.dangerTicksMax) {
        search?.ticks += 1
        return nil
      }
    }
    let isClosed = found.failure == .budget || found.failure == .noRoute || found.failure == .danger
    if isClosed, !known.danger.isEmpty, !isRenewing {
      // First without those who are about, then without the places where we got stuck.
      let less = hasLess ? known.least : DangerField.none
      search = Search(
        from: known.from, danger: less, least: less, isRenewal: false, isHeadStart: known.isHeadStart)
      return nil
    }
    // No better way, or not in time: the one that is known goes on.
    let isKept = isRenewing && isClosed
    search = nil
    plannedAt = context.tick
    if isKept { return nil }
    let position = known.from
    switch found {
    case .complete(let path):
      shortfall = nil
      return follow(path, .path, radius, context)
    case .partial(let path, _, let reason):
      shortfall = reason
      return follow(path, .partialPath, radius, context)
    case .none(let reason):
      shortfall = reason
      return withoutPath(reason, from: position, to: plannedFor, radius, navigator, context, &hands)
    }
  }

  /// What to do where the search found nothing.
  private mutating func withoutPath(
    _ reason: PathFailure, from position: Position, to goal: Position, _ radius: Double, _ navigator: Navigator,
    _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineFailure? {
    switch reason {
    case .staleTerrain, .outsideMap:
      return follow(hands.ways.straight(position, goal), .blind, radius, context)
    case .startBlocked:
      // Standing where the map says one cannot stand: get onto open ground first.
      guard let open = navigator.nearestWalkable(to: position, within: 24) else { return .noTerrain }
      return follow(hands.ways.straight(position, open), .partialPath, radius, context)
    case .goalBlocked, .floorUnreachable:
      if position.horizontalDistance(to: goal) < radius + 12 {
        return follow(hands.ways.straight(position, goal), .blind, radius, context)
      }
      guard let open = navigator.nearestWalkable(to: goal, within: 30) else { return .unreachable }
      guard let path = hands.ways.path(navigator, from: position, to: open).path else { return .unreachable }
      return follow(path, .partialPath, radius, context)
    case .noRoute, .budget, .danger: return .noRoute
    }
  }

  private mutating func follow(
    _ path: Path, _ kind: RouteKind, _ radius: Double, _ context: RoutineContext
  ) -> RoutineFailure? {
    self.kind = kind
    var style = FollowerStyle()
    style.speed = context.body.runSpeed
    style.turnRate = context.body.turnRate
    style.arrivalRadius = kind == .path || kind == .direct ? min(3, max(1, radius * 0.6)) : 3
    if var follower {
      follower.replace(path: path)
      follower.style = style
      self.follower = follower
    } else {
      follower = PathFollower(path, style: style)
    }
    return nil
  }

  /// The route is walked, the goal not reached.
  private mutating func endOfRoute(distance: Double, radius: Double) -> TaskStep {
    follower = nil
    partials += 1
    guard partials < Self.partialsMax else { return .failed(.unreachable) }
    return .running
  }

  private mutating func carryOut(
    _ steering: Steering, at position: Position, _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    if steering.stuck != shownStep {
      shownStep = steering.stuck
      if steering.stuck != .none { hands.events.append(.stuck(at: position, step: steering.stuck.rawValue)) }
    }
    switch steering.stuck {
    case .none:
      turner.turn(steering.turn, rate: context.body.turnRate, &hands)
      if steering.walkMilliseconds >= Tick.milliseconds {
        hands.hold(.forward)
      } else if steering.walkMilliseconds > 0 {
        hands.press(.forward, milliseconds: steering.walkMilliseconds)
      }
    case .jump:
      hands.hold(.forward)
      hands.tap(.jump)
    case .strafeLeft:
      hands.hold(.strafeLeft)
    case .strafeRight:
      hands.hold(.strafeRight)
    case .backUp:
      hands.hold(.back)
    case .replan:
      hands.places.note(position, tick: context.tick)
      replans += 1
      guard replans < Self.replansMax else { return .failed(.stuck) }
      follower = nil
    case .giveUp:
      hands.places.note(position, tick: context.tick)
      return .failed(.stuck)
    }
    return .running
  }
}
