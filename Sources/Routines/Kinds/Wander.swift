import Core
import Perception

/// Roams around a place: one leg to a point picked at random, a short look around, done.
struct Wander: Routine {
  enum State: Sendable {
    case choosing(tries: Int)
    case walking(to: Position)
    case looking(until: Tick)
  }

  let around: Position
  let radius: Double
  private var state: State = .choosing(tries: 0)
  private var walk = Walk()

  /// Slots that a leg may take.
  static let legSlots = 600
  static let lookSlots = 6...14
  static let triesMax = 6
  private var started: Tick = .start

  init(around: Position, radius: Double) {
    self.around = around
    self.radius = max(10, radius)
  }

  var phase: UInt8 {
    switch state {
    case .choosing: 0
    case .walking: 1
    case .looking: 2
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard let position = context.state.player.position else { return .failed(.stateUnknown) }
    switch state {
    case .choosing(let tries):
      // Wherever one could go somebody would notice us: to stay is better, and they will go on.
      guard tries < Self.triesMax else {
        state = .looking(until: context.tick + hands.generator.integer(Self.lookSlots))
        return .running
      }
      guard let point = choose(from: position, context, &hands) else {
        state = .choosing(tries: tries + 1)
        return .running
      }
      state = .walking(to: point)
      walk = Walk()
      return .running
    case .walking(let point):
      guard context.tick - started < Self.legSlots else { return .failed(.timedOut) }
      switch walk.tick(to: point, within: 6, clearOf: .all(except: nil), context, &hands) {
      case .running: return .running
      case .failed(.noRoute), .failed(.unreachable):
        state = .choosing(tries: 3)
        return .running
      case .failed(let failure): return .failed(failure)
      case .done:
        state = .looking(until: context.tick + hands.generator.integer(Self.lookSlots))
        return .running
      }
    case .looking(let until):
      return context.tick < until ? .running : .succeeded
    }
  }

  /// A point inside the circle, not too near, that can be stood on.
  private func choose(from position: Position, _ context: RoutineContext, _ hands: inout Hands) -> Position? {
    for _ in 0..<4 {
      let heading = Heading(hands.generator.uniform(0...512))
      let reach = radius * hands.generator.unit().squareRoot()
      let wish = around.moved(reach, along: heading)
      guard wish.horizontalDistance(to: position) > 15 else { continue }
      if let point = context.standable(near: wish) { return point }
    }
    return nil
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    if case .walking(let point) = state { hash.combine(point) }
    walk.combine(into: &hash)
  }
}
