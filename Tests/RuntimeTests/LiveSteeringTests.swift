import Core
import Lore
import Motor
import Nav
import Perception
import TestSupport
import Testing
import WorldModel

@testable import Agent
@testable import Routines
@testable import Runtime

/// Turning and walking of the real client by real keys, at ten looks a second: the live side of `TurningTests`.
@Suite(.serialized) struct LiveSteeringTests {
  /// The real client, its memory, the real keyboard and the daemon's own clock.
  private final class Rig {
    let environment: LoadedEnvironment
    let navigator: Navigator
    private let stage: LiveStage
    private let client: Child
    private let attachment: Runtime.Attachment
    private let motor: LiveMotor
    private var loop = DeadlineLoop()
    private var ledger = KeyLedger()

    init() throws {
      stage = try LiveStage()
      client = try stage.client()
      environment = try LoadedEnvironment("sandbox")
      attachment = try Runtime.Attachment.patient(pid: client.pid, environment: environment)
      navigator = try Navigator(
        terrain: try Terrain(path: environment.file.terrain(zone: "meadow").path), speed: environment.body.runSpeed)
      motor = try LiveMotor(
        LiveMotor.Configuration(
          display: stage.server.display, bindings: environment.bindings, window: environment.file.window,
          pid: client.pid, guardCommand: [Repository.program("compassd").path, KeyGuard.subcommand]))
      let motor = motor
      let isReady = eventually(within: 20) { motor.report().hasFocus && motor.report().isReady }
      try #require(isReady, "the window has no focus")
      loop = DeadlineLoop()
    }

    deinit { motor.stop() }

    /// Waits for the next slot, and hands over what the client's memory shows.
    func look() throws -> GameState {
      let slot = loop.wait()
      return try attachment.reader.read(tick: Tick(slot)).state
    }

    func press(_ hands: Hands) {
      ledger.settle(hands)
      motor.carryOut(ledger.commands)
    }
  }

  @Test(.enabled(if: LiveStage.hasTerrain, "needs terrain files: Tools/test builds them"))
  func `the client turns within two degrees of where it shall, at the 95th percentile`() throws {
    let rig = try Rig()
    var generator = SeededGenerator(seed: 11)
    var hands = Hands(seed: 1)
    var errors: [Double] = []
    for _ in 0..<40 {
      let wish = Heading(generator.uniform(0...512))
      var turner = Turner()
      var (quiet, looks) = (0, 0)
      var left = 512.0
      while quiet < 4, looks < 80 {
        let state = try rig.look()
        looks += 1
        guard let heading = state.player.heading else { continue }
        left = heading.turn(to: wish)
        hands.begin(state.tick)
        turner.turn(left, rate: rig.environment.body.turnRate, &hands)
        quiet = hands.held.isEmpty && hands.strokes.isEmpty ? quiet + 1 : 0
        rig.press(hands)
      }
      errors.append(abs(left) * 360 / 512)
    }
    errors.sort()
    let p95 = errors[errors.count * 95 / 100]
    print(
      "live turning, \(errors.count) turns: p50 \(errors[errors.count / 2])°, p95 \(p95)°, most \(errors.last ?? 0)°")
    #expect(p95 <= 2)
  }

  /// Off the straight line from where a leg begins to its goal. Unit: world units.
  static let corridor = 4.0

  @Test(.enabled(if: LiveStage.hasTerrain, "needs terrain files: Tools/test builds them"))
  func `the client walks within the corridor of its line`() throws {
    let rig = try Rig()
    var generator = SeededGenerator(seed: 12)
    var runner = RoutineRunner(seed: 1)
    var model = WorldModel()
    var errors: [Double] = []
    var disturbed = 0
    for leg in 0..<12 {
      var state = try rig.look()
      // Whoever still runs from the leg before begins elsewhere.
      for _ in 0..<20 {
        rig.press(Hands(seed: 1))
        state = try rig.look()
        if state.player.speed == 0 { break }
      }
      let start = try #require(state.player.position)
      let zone = try #require(state.zone)
      var goal: Position?
      for _ in 0..<50 where goal == nil {
        let wish = start.moved(generator.uniform(40...75), along: Heading(generator.uniform(0...512)))
        guard let point = rig.navigator.nearestWalkable(to: wish, within: 4),
          rig.navigator.isWalkable(from: start, to: point)
        else { continue }
        goal = point
      }
      let end = try #require(goal)
      var hasArrived = false
      // On a busy machine slots are missed or frames come late, and keys stay down too long: such a leg tells of the
      // machine.
      var isDisturbed = false
      var own: [Double] = []
      for _ in 0..<120 where !hasArrived {
        model.update(state, lore: rig.environment.lore)
        let order = RoutineOrder.evade(to: end, from: EntityID(9_999_999))
        let outcome = runner.run(
          Decision(tick: state.tick, layer: .utility, order: order, credit: CreditID(UInt32(leg))),
          RoutineContext(
            state: state, model: model, lore: rig.environment.lore, navigator: rig.navigator,
            body: rig.environment.body))
        rig.press(runner.hands)
        if outcome != nil { hasArrived = outcome?.result == .succeeded }
        let last = state
        state = try rig.look()
        isDisturbed =
          isDisturbed || state.tick - last.tick > 1 || state.frame == last.frame || state.validity != .valid
        guard state.zone == zone, let place = state.player.position, place.horizontalDistance(to: start) > 3 else {
          continue
        }
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let across = (place.x - start.x) * dy - (place.y - start.y) * dx
        own.append(abs(across) / start.horizontalDistance(to: end))
      }
      #expect(hasArrived, "leg \(leg) to \(end)")
      if isDisturbed { disturbed += 1 } else { errors += own }
    }
    guard disturbed <= 6 else {
      print("live walking: the machine was too busy in \(disturbed) of 12 legs for a measurement")
      return
    }
    errors.sort()
    let most = errors.last ?? .infinity
    print(
      "live walking, \(errors.count) looks: p50 \(errors[errors.count / 2]), p95 \(errors[errors.count * 95 / 100]), "
        + "most \(most) units off the line (corridor \(Self.corridor))")
    #expect(most <= Self.corridor)
  }
}
