import Core
import Nav
import Perception

/// Gets the body free by keys alone: back off, turn, walk; each round in another direction.
struct Unstick: Routine {
  enum State: Sendable {
    case backing(until: Tick)
    case turning(to: Heading, until: Tick)
    case running(until: Tick)
  }

  private var state: State = .backing(until: .start)
  private var from: Position?
  private var round = 0
  private var turner = Turner()

  /// Units away from the start that count as free.
  static let freeDistance = 12.0
  static let roundsMax = 6

  init() {}

  var phase: UInt8 {
    switch state {
    case .backing: 0
    case .turning: 1
    case .running: 2
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    from = context.state.player.position
    state = .backing(until: context.tick + 8)
    if let from { hands.places.note(from, tick: context.tick) }
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard let place = context.state.player.position, let heading = context.state.player.heading else {
      return .failed(.stateUnknown)
    }
    guard hands.take(posture: .standing, context.state) else { return round == 0 ? .running : .failed(.stuck) }
    if let from, from.horizontalDistance(to: place) > Self.freeDistance { return .succeeded }
    switch state {
    case .backing(let until):
      hands.hold(.back)
      if context.tick >= until {
        let wish = heading + hands.generator.uniform(-200...200)
        state = .turning(to: wish, until: context.tick + 25)
      }
    case .turning(let wish, let until):
      let error = heading.turn(to: wish)
      turner.turn(error, rate: context.body.turnRate, &hands)
      if abs(error) < 12 || context.tick >= until { state = .running(until: context.tick + 15) }
    case .running(let until):
      hands.hold(.forward)
      if until - context.tick == 8 { hands.tap(.jump) }
      if context.tick >= until {
        round += 1
        guard round < Self.roundsMax else { return .failed(.stuck) }
        state = .backing(until: context.tick + 6)
      }
    }
    return .running
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(round)
    turner.combine(into: &hash)
  }
}
