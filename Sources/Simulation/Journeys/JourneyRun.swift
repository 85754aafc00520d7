import Core
import Lore
import Nav
import Perception
import Telemetry
import World

/// One journey: where it led, how it ended, how it went.
public struct Journey: Sendable {
  public var number: Int
  public var from: ZoneID
  public var to: ZoneID
  public var start: Position
  public var goal: Position
  /// Nil where it arrived.
  public var failure: RoutineFailure?
  /// Virtual seconds.
  public var seconds = 0.0
  /// Units walked.
  public var walked = 0.0
  /// Times that the stuck ladder began.
  public var stuckCount = 0
  /// The longest time from the ladder's first step until the place was left by four units. Unit: seconds.
  public var stuckLongest = 0.0
  /// Where the ladder began last, and the zone of that.
  public var stuckAt: (zone: ZoneID, place: Position)?
  /// Times that the traveller came so near to somebody who attacks of its own that it is noticed there, seen or not.
  public var closeCount = 0
  /// Times that somebody began to attack.
  public var attackCount = 0
}

/// Random journeys through all zones of the sandbox, each from where the one before ended.
///
/// Goals are drawn from what can be reached from the zone's own zone lines; everything else is the agent's own: eyes,
/// routine, paths and keys.
public struct JourneyRun {
  private let data: SimulationData
  private var random: SeededGenerator
  private let zones: [Zone]
  private let isWary: Bool

  /// A journey may take so long. Unit: ticks.
  static let ticksMost = 12_000
  static let left = 4.0

  /// - Parameters:
  ///   - goals: The zones that journeys lead to; all where it is empty.
  ///   - isWary: The traveller keeps out of others' sight, as the agent does.
  public init(data: SimulationData, seed: UInt64, goals: [ZoneID] = [], isWary: Bool = true) {
    self.data = data
    self.isWary = isWary
    random = SeededGenerator(seed: seed)
    zones = data.lore.zones.filter { goals.isEmpty || goals.contains($0.id) }.sorted { $0.id.raw < $1.id.raw }
  }

  public mutating func run(count: Int, level: Int? = nil, report: (Journey) -> Void) throws -> [Journey] {
    let setup = PlayerSetup(level: level ?? data.world.rules.levelMax)
    var loop = try ClosedLoop(data: data, seed: random.next(), players: [setup])
    var traveller = Traveller(lore: data.lore, body: data.body, seed: random.next(), isWary: isWary)
    for zone in data.lore.zones { traveller.provide(zone: zone.id, navigator: try data.navigator(zone: zone.id)) }
    var journeys: [Journey] = []
    var slot = 0
    while journeys.count < count {
      let snapshot = try loop.snapshot(player: 0, tick: Tick(slot))
      guard snapshot.state.validity == .valid, snapshot.state.player.stand != .dead,
        let here = snapshot.state.zone, let place = snapshot.state.player.position
      else {
        // Loading, or dead and waiting to come back.
        _ = traveller.tick(snapshot.state, to: .origin, in: zones[0].id)
        loop.carryOut(traveller.commands, player: 0, tick: Tick(slot))
        loop.advance(Tick(slot))
        slot += 1
        continue
      }
      let zone = zones[random.integer(0...zones.count - 1)]
      guard let goal = self.goal(in: zone, traveller.navigator(of: zone.id)) else { continue }
      var journey = Journey(
        number: journeys.count, from: here, to: zone.id, start: place, goal: goal)
      try walk(&journey, &loop, &traveller, &slot)
      journeys.append(journey)
      report(journey)
    }
    return journeys
  }

  /// A random place of a zone that can be reached from where one enters it.
  private mutating func goal(in zone: Zone, _ navigator: Navigator?) -> Position? {
    guard let navigator, let door = zone.bind ?? zone.lines.first?.at else { return nil }
    for _ in 0..<40 {
      let point = Position(
        random.uniform(zone.southWest.x...zone.northEast.x), random.uniform(zone.southWest.y...zone.northEast.y),
        random.uniform(0...120))
      guard let place = navigator.nearestWalkable(to: point, within: 4) else { continue }
      // Who stands on a zone line is taken over it.
      if zone.lines.contains(where: { $0.at.horizontalDistance(to: place) < $0.radius + 15 }) { continue }
      if navigator.path(from: door, to: place, nodeBudget: .max).failure == nil { return place }
    }
    return nil
  }

  private func walk(
    _ journey: inout Journey, _ loop: inout ClosedLoop, _ traveller: inout Traveller, _ slot: inout Int
  ) throws {
    let began = slot
    var last = journey.start
    var stuck: (at: Position, since: Int)?
    var zone = journey.from
    var close: [EntityID] = []
    var near: [EntityID] = []
    var wasAttacked = false
    journey.failure = .timedOut
    while slot - began < Self.ticksMost {
      let tick = Tick(slot)
      let state = try loop.snapshot(player: 0, tick: tick).state
      let result = traveller.tick(state, to: journey.goal, in: journey.to)
      if state.validity == .valid, let place = state.player.position {
        if state.zone == zone { journey.walked += place.horizontalDistance(to: last) }
        if let now = state.zone, now != zone {
          zone = now
          stuck = nil
        }
        last = place
        near.removeAll(keepingCapacity: true)
        noteClose(loop.world, into: &near)
        journey.closeCount += near.count { !close.contains($0) }
        swap(&near, &close)
        if traveller.isAttacked, !wasAttacked { journey.attackCount += 1 }
        wasAttacked = traveller.isAttacked
        if let place = stuck?.at, place.horizontalDistance(to: last) > Self.left { stuck = nil }
        for case .stuck(let at, _) in traveller.events where stuck == nil {
          journey.stuckCount += 1
          stuck = (at, slot)
          journey.stuckAt = (zone, at)
        }
        if let since = stuck?.since {
          journey.stuckLongest = max(journey.stuckLongest, Double(slot - since + 1) / Double(Tick.perSecond))
        }
      }
      loop.carryOut(traveller.commands, player: 0, tick: tick)
      loop.advance(tick)
      slot += 1
      switch result {
      case .succeeded?: journey.failure = nil
      case .failed(let failure)?: journey.failure = failure
      case .interrupted?: journey.failure = .interrupted
      case nil: continue
      }
      break
    }
    journey.seconds = Double(slot - began) / Double(Tick.perSecond)
  }

  /// Those within whose reach the traveller is: as far as the world lets them notice one of its level.
  private func noteClose(_ world: World, into near: inout [EntityID]) {
    let body = world.body(ofPlayer: 0)
    for slot in world.npcSlots[body.zone] {
      let other = world.entities[slot]
      guard other.isPresent, other.posture != .dead, let type = other.type else { continue }
      let kind = data.world.npcs[type]
      guard kind.role == .monster, kind.aggroRadius > 0 else { continue }
      if data.world.rules.grayNoAggro, Con(level: other.level, own: body.level) == .gray { continue }
      let difference = Double(other.level - body.level) * data.world.rules.aggroPerLevel
      let reach = kind.aggroRadius * min(1.6, max(0.4, 1 + difference))
      let way = body.position - other.position
      if way.x * way.x + way.y * way.y < reach * reach, abs(way.z) < data.world.rules.aggroHeight {
        near.append(other.id)
      }
    }
  }
}
