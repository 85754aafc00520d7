import Core
import Testing

@testable import Nav

/// A body that moves as a client's does: keys turn and walk it at fixed rates, and what is solid stops it.
struct WalkingBody {
  var position: Position
  var heading = Heading.north
  var speed = 30.0
  var turnRate = 256.0
  var isFree: (Double, Double) -> Bool

  /// One tick of 100 ms in steps of 5 ms.
  mutating func carryOut(_ steering: Steering) {
    var turnLeft = min(abs(steering.turn), turnRate / 10)
    for step in 0..<20 {
      if turnLeft > 0 {
        let part = min(turnLeft, turnRate * 0.005)
        heading = heading + (steering.turn > 0 ? part : -part)
        turnLeft -= part
      }
      var ahead = 0.0
      var aside = 0.0
      switch steering.stuck {
      case .none, .jump: ahead = step * 5 < steering.walkMilliseconds ? 1 : 0
      case .strafeLeft: aside = -0.5
      case .strafeRight: aside = 0.5
      case .backUp: ahead = -0.5
      case .replan, .giveUp: break
      }
      let direction = heading.direction
      let x = position.x + (direction.x * ahead + direction.y * aside) * speed * 0.005
      let y = position.y + (direction.y * ahead - direction.x * aside) * speed * 0.005
      if isFree(x, y) {
        position.x = x
        position.y = y
      } else if isFree(x, position.y) {
        position.x = x
      } else if isFree(position.x, y) {
        position.y = y
      }
    }
  }
}

@Suite struct PathFollowerTests {
  @Test func `arrives over random ground without getting stuck`() {
    var worst = 0.0
    var arrivals = 0
    for seed in 0..<40 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let solid = randomGrid(&random, width: 110, height: 110, classes: 1).walk
      // The body is one unit thick: planes have the radius applied.
      let navigator = Navigator(
        terrain: .plainFloors(110, 110) { x, y in
          (-1...1).allSatisfy { dy in (-1...1).allSatisfy { dx in solid.isWalkable(x + dx, y + dy) } }
        })
      let sheet = navigator.floors.sheets[0]
      guard let a = randomCell(&random, sheet), let b = randomCell(&random, sheet) else { continue }
      let start = Position(Double(a.x) + 0.5, Double(a.y) + 0.5)
      let goal = Position(Double(b.x) + 0.5, Double(b.y) + 0.5)
      guard case .complete(let path) = navigator.path(from: start, to: goal) else { continue }
      var body = WalkingBody(position: start, heading: Heading(random.uniform(0...512))) { x, y in
        solid.isWalkable(Int(x.rounded(.down)), Int(y.rounded(.down)))
      }
      var follower = PathFollower(path)
      var tick = Tick.start
      var steering = Steering()
      while tick.slot < 600, !steering.hasArrived, steering.stuck < .replan {
        steering = follower.steer(position: body.position, heading: body.heading, tick: tick)
        body.carryOut(steering)
        tick = tick + 1
      }
      #expect(steering.hasArrived, "seed \(seed): \(steering) at \(body.position) after \(tick)")
      arrivals += 1
      // Turning takes time; more than twice the walking time, and a second per turn, is dawdling.
      let fair = path.length / 30 * 1.5 + Double(path.points.count) * 1.2 + 1
      worst = max(worst, Double(tick.slot) / 10 / fair)
    }
    #expect(arrivals > 20)
    #expect(worst < 1)
  }

  @Test func `climbs the ladder against a wall, gives its reasons, and starts over when freed`() {
    var follower = PathFollower(Path(points: [Position(0, 0), Position(0, 100)]))
    var body = WalkingBody(position: Position(0, 0)) { _, y in y < 20 }
    var steps: [StuckStep] = []
    var reasons: Set<StuckReason> = []
    for slot in 0..<90 {
      let steering = follower.steer(position: body.position, heading: body.heading, tick: Tick(slot))
      if steps.last != steering.stuck { steps.append(steering.stuck) }
      reasons.insert(steering.reason)
      body.carryOut(steering)
    }
    #expect(steps == [.none, .jump, .strafeLeft, .strafeRight, .backUp, .replan, .giveUp])
    #expect(reasons == [.none, .notMoving])
    #expect(follower.stuckAt.map { $0.y > 10 } == true)
    body.isFree = { _, _ in true }
    follower.replace(path: Path(points: [body.position, Position(0, 100)]))
    var slot = 90
    var steering = Steering()
    while slot < 200, !steering.hasArrived {
      steering = follower.steer(position: body.position, heading: body.heading, tick: Tick(slot))
      body.carryOut(Steering(turn: steering.turn, walkMilliseconds: 100))
      slot += 1
    }
    #expect(steering.hasArrived)
  }

  @Test func `turns on the spot before it walks, and stops on its goal`() {
    var follower = PathFollower(Path(points: [Position(0, 0), Position(0, -40)]))
    var body = WalkingBody(position: Position(0, 0)) { _, _ in true }
    var steering = follower.steer(position: body.position, heading: body.heading, tick: Tick(0))
    #expect(abs(steering.turn) == 256)
    #expect(!steering.isWalking)
    var slot = 0
    while slot < 60, !steering.hasArrived {
      steering = follower.steer(position: body.position, heading: body.heading, tick: Tick(slot))
      body.carryOut(steering)
      slot += 1
    }
    #expect(steering.hasArrived)
    #expect(body.position.horizontalDistance(to: Position(0, -40)) <= 3)
    #expect(abs(body.position.x) < 1)
  }

  @Test func `bad places are remembered, merged, and forgotten`() {
    var places = BadPlaces()
    places.note(Position(10, 10), tick: Tick(0))
    places.note(Position(11, 10), tick: Tick(5))
    places.note(Position(90, 10), tick: Tick(6))
    #expect(places.places.map(\.count) == [2, 1])
    let zones = places.zones(tick: Tick(10))
    #expect(zones.count == 2 && zones[0].rate > zones[1].rate)
    #expect(places.zones(tick: Tick(3500)).count == 1)
    #expect(places.zones(tick: Tick(9000)).isEmpty)
    for index in 0..<100 { places.note(Position(Double(index) * 50, 900), tick: Tick(9000 + index)) }
    #expect(places.places.count == BadPlaces.countMax)
  }
}
