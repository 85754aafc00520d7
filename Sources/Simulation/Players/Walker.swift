import Core
import Nav
import Perception
import Routines

/// The legs of a reference player: goes to a place along a path, and turns to look at one.
struct Walker: Sendable {
  private let body: BodyProfile
  private var follower: PathFollower?
  private var goal = Position.origin
  private var searched: Tick?

  init(body: BodyProfile) { self.body = body }

  /// Walks on towards `goal`; true when it is within `radius` already.
  mutating func walk(
    to goal: Position, within radius: Double, _ state: GameState, navigator: Navigator?, hands: inout ReferenceHands
  ) -> Bool {
    guard let place = state.player.position, let heading = state.player.heading else { return false }
    if place.horizontalDistance(to: goal) <= radius {
      stop(&hands)
      return true
    }
    if state.player.stand == .sitting || state.player.stand == .feigned {
      if state.tick.slot % 5 == 0 { hands.tap(.sitStand) }
      return false
    }
    if state.tick.slot % 10 == 0,
      state.doors.contains(where: { !$0.isOpen && $0.position.distance(to: place) < 10 })
    {
      hands.tap(.openLoot)
    }
    let age = searched.map { state.tick - $0 } ?? .max
    if follower == nil || (self.goal.horizontalDistance(to: goal) > 6 && age >= 5) || age >= 300 {
      search(goal, from: place, tick: state.tick, navigator: navigator)
    }
    guard let steering = follower?.steer(position: place, heading: heading, tick: state.tick) else { return false }
    if steering.hasArrived {
      follower = nil
      stop(&hands)
      // The end of the path is as near as one gets.
      return true
    }
    switch steering.stuck {
    case .none: break
    case .jump: hands.tap(.jump)
    case .strafeLeft: hands.commands.append(.press(.strafeLeft, milliseconds: 100))
    case .strafeRight: hands.commands.append(.press(.strafeRight, milliseconds: 100))
    case .backUp:
      hands.commands += [.release(.forward), .press(.back, milliseconds: 100)]
      return false
    case .replan, .giveUp: follower = nil
    }
    turn(steering.turn, &hands)
    if steering.isWalking { hands.commands.append(.hold(.forward)) } else { stop(&hands) }
    return false
  }

  /// Turns towards `point`; true when it is about ahead.
  func face(_ point: Position, _ state: GameState, hands: inout ReferenceHands) -> Bool {
    guard let place = state.player.position, let heading = state.player.heading else { return false }
    let error = heading.turn(to: place.heading(to: point))
    guard abs(error) > 12 else { return true }
    turn(error, &hands)
    return false
  }

  func stop(_ hands: inout ReferenceHands) { hands.commands.append(.release(.forward)) }

  private func turn(_ units: Double, _ hands: inout ReferenceHands) {
    let milliseconds = Int(min(100, abs(units) / body.turnRate * 1000))
    guard milliseconds > 0 else { return }
    hands.commands.append(.press(units > 0 ? .turnRight : .turnLeft, milliseconds: milliseconds))
  }

  private mutating func search(_ goal: Position, from place: Position, tick: Tick, navigator: Navigator?) {
    self.goal = goal
    searched = tick
    let path: Path
    switch navigator?.path(from: place, to: goal, nodeBudget: 20_000) {
    case .complete(let found): path = found
    case .partial(let found, _, _): path = found
    case .some, nil: path = Path(points: [place, goal])
    }
    var style = FollowerStyle()
    style.speed = body.runSpeed
    style.turnRate = body.turnRate
    follower = PathFollower(path, style: style)
  }
}
