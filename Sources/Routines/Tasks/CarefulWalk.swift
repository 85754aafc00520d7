import Core
import Nav
import Perception
import Telemetry
import WorldModel

/// Walks a long way and is noticed by nobody, if that can be: looks ahead along its way, goes round whoever would notice
/// us, lets those pass who walk across it, and steps out of the way of those who come.
///
/// Whom no way leads round is not waited for long: they are met as whoever travels meets them.
struct CarefulWalk: Sendable {
  enum State: Sendable {
    /// On the way; whoever is on it was found to be no hindrance until `boldUntil`.
    case going(boldUntil: Tick)
    /// Looks for a way round, standing.
    case searching(DangerField, from: Position, since: Tick)
    /// Lets somebody pass.
    case waiting(since: Tick, nextSearch: Tick)
    /// On the way out of where we would be noticed.
    case leaving(Walk, to: Position, since: Tick)
  }

  private var state: State = .going(boldUntil: .start)
  private var walk = Walk()
  /// Who is about, as of the last look; kept so that a look fills the same array again.
  private var about = DangerField()
  private var nextLook: Tick = .start
  /// Slots that were spent on waiting for others, and on getting out of their sight.
  private var waited = 0

  /// Slots between two looks ahead.
  static let lookSlots = 2
  /// How far ahead the way must be clear. Unit: world units.
  static let ahead = 150.0
  /// How far others' walk is foreseen. Unit: seconds.
  static let foresight = 3.0
  /// A way round is laid with so much room more. Unit: world units.
  static let margin = 10.0
  /// Slots that a way round is looked for, and until it is looked for again.
  static let searchSlots = 20
  static let searchPause = 30
  /// Slots that one who walks is waited for, and all together; slots for which nobody hinders us after that.
  static let waitSlots = 150
  static let waitedMax = 900
  /// The same where nobody about would be the death of us.
  static let waitedMaxLight = 250
  static let boldSlots = 60
  static let leaveSlots = 60
  /// Nodes that a way out may take, in one tick.
  static let leaveNodes = 300

  var phase: UInt8 {
    switch state {
    case .going: 0
    case .searching: 1
    case .waiting: 2
    case .leaving: 3
    }
  }

  /// Walks for one tick; as `Walk.tick`.
  mutating func tick(
    to goal: Position, within radius: Double, _ context: RoutineContext, _ hands: inout Hands
  ) -> TaskStep {
    guard context.isWary, let navigator = context.navigator, let place = context.state.player.position else {
      return walk.tick(to: goal, within: radius, context, &hands)
    }
    switch state {
    case .going(let boldUntil):
      if context.tick >= nextLook, context.tick >= boldUntil, isPatient(context) {
        nextLook = context.tick + Self.lookSlots
        look(navigator, from: place, context, &hands)
      }
    case .searching(let danger, let from, let since):
      context.watchers(foresight: Self.foresight, into: &about)
      if !leave(about, navigator, from: place, context, &hands) {
        search(danger, from, since, to: goal, radius, navigator, context, &hands)
      }
    case .waiting(let since, let nextSearch):
      waited += 1
      context.watchers(foresight: Self.foresight, into: &about)
      if !leave(about, navigator, from: place, context, &hands) {
        wait(about, since, nextSearch, navigator, from: place, context, &hands)
      }
    case .leaving(var out, let to, let since):
      waited += 1
      let step = out.tick(to: to, within: 3, context, &hands)
      // Out of the way is not along it.
      hands.way = nil
      if step == .running, context.tick - since < Self.leaveSlots, isPatient(context) {
        state = .leaving(out, to: to, since: since)
        return .running
      }
      // The old way may be far from here.
      walk = Walk()
      nextLook = context.tick
      state = .going(boldUntil: .start)
    }
    guard case .going = state else { return .running }
    return walk.tick(to: goal, within: radius, context, &hands)
  }

  private func isPatient(_ context: RoutineContext) -> Bool {
    waited < (context.model.dangerous.isEmpty ? Self.waitedMaxLight : Self.waitedMax)
  }

  // MARK: - Who is about

  /// Looks ahead, and about.
  private mutating func look(
    _ navigator: Navigator, from place: Position, _ context: RoutineContext, _ hands: inout Hands
  ) {
    context.watchers(foresight: Self.foresight, into: &about)
    let danger = about
    guard !danger.isEmpty else { return }
    // Where we would be noticed anyway, only out counts.
    if danger.isForbidden(place) {
      if !leave(danger, navigator, from: place, context, &hands) {
        state = .going(boldUntil: context.tick + Self.lookSlots * 5)
      }
      return
    }
    guard isHindered(danger, navigator, from: place) else { return }
    state = .searching(wider(danger, &hands), from: place, since: context.tick)
  }

  private func isHindered(_ danger: DangerField, _ navigator: Navigator, from place: Position) -> Bool {
    guard let route = walk.route else { return false }
    let check = navigator.check(route.path, leg: route.leg, from: place, danger: danger, ahead: Self.ahead)
    if case .forbidden = check { return true }
    return false
  }

  private func wider(_ danger: DangerField, _ hands: inout Hands) -> DangerField {
    hands.ways.danger { wider in
      wider.zones.append(contentsOf: danger.zones)
      for index in wider.zones.indices { wider.zones[index].radius += Self.margin }
    }
  }

  /// Turns to getting out of where we would be noticed; false where nobody notices us, or no way leads out.
  private mutating func leave(
    _ danger: DangerField, _ navigator: Navigator, from place: Position, _ context: RoutineContext,
    _ hands: inout Hands
  ) -> Bool {
    guard danger.isForbidden(place) else { return false }
    let found = hands.ways.escape(
      navigator, from: place, danger: danger, margin: Self.margin, nodeBudget: Self.leaveNodes)
    guard case .complete(let path) = found, let end = path.end else { return false }
    var out = Walk()
    out.take(path, within: 3, context)
    state = .leaving(out, to: end, since: context.tick)
    return true
  }

  // MARK: - Round, or wait

  private mutating func search(
    _ danger: DangerField, _ from: Position, _ since: Tick, to goal: Position, _ radius: Double,
    _ navigator: Navigator, _ context: RoutineContext, _ hands: inout Hands
  ) {
    let found = hands.ways.path(
      navigator, from: from, to: goal, danger: danger, nodeBudget: Walk.dangerNodes)
    switch found {
    case .complete(let path):
      walk.take(path, within: radius, context)
      state = .going(boldUntil: context.tick + 1)
    case .partial(_, _, .budget) where context.tick - since < Self.searchSlots,
      .none(.budget) where context.tick - since < Self.searchSlots:
      break
    case .partial, .none:
      state = .waiting(since: since, nextSearch: context.tick + Self.searchPause)
    }
  }

  private mutating func wait(
    _ danger: DangerField, _ since: Tick, _ nextSearch: Tick, _ navigator: Navigator, from place: Position,
    _ context: RoutineContext, _ hands: inout Hands
  ) {
    guard isHindered(danger, navigator, from: place) else {
      state = .going(boldUntil: .start)
      return
    }
    // Only who walks, and who would be the death of us, is waited for.
    let isWorthIt =
      danger.zones.contains { abs($0.velocityX) + abs($0.velocityY) > 1 } || !context.model.dangerous.isEmpty
    guard isWorthIt, context.tick - since < Self.waitSlots, isPatient(context) else {
      state = .going(boldUntil: context.tick + Self.boldSlots)
      return
    }
    if context.tick >= nextSearch { state = .searching(wider(danger, &hands), from: place, since: context.tick) }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(nextLook.slot)
    hash.combine(waited)
    walk.combine(into: &hash)
    if case .leaving(let out, _, _) = state { out.combine(into: &hash) }
  }
}

extension RoutineContext {
  /// Where we would be noticed by those in sight who may attack us, now or within `foresight` seconds: nobody goes there
  /// who need not.
  func watchers(foresight: Double, into field: inout DangerField) {
    onScan?(model.tracks.count)
    field.zones.removeAll(keepingCapacity: true)
    for track in model.tracks where track.distance < DangerAhead.sight && model.mayAttack(track) {
      field.zones.append(
        DangerZone(
          center: track.position, radius: DangerAhead.notice(track), rate: 1, isHard: true,
          velocityX: track.velocity.x, velocityY: track.velocity.y))
      if field.zones.count == DangerAhead.capacity { break }
    }
    field.sweep(seconds: foresight)
  }
}

extension DangerAhead {
  /// From how far one like this notices us, at most: the stronger, the further. Unit: world units.
  static func notice(_ track: Track) -> Double {
    track.isDangerous ? 100 : track.con >= .yellow ? 75 : track.con >= .white ? 65 : 55
  }
}
