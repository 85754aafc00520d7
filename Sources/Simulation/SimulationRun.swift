import Agent
import CLinux
import Command
import Core
import Lore
import Nav
import Perception
import Telemetry
import World

/// What a run was told.
public struct SimulationOptions: Sendable {
  public enum PlayerKind: String, CaseIterable, Sendable {
    case agent, careful, reckless, idle
  }

  /// A kind of experience that is left out, to see what it is worth.
  public enum Ablation: String, CaseIterable, Sendable {
    case encounters, heat, costs
  }

  public var player = PlayerKind.agent
  public var minutes = 30.0
  public var phase: UInt8 = 2
  public var usesPlanner = true
  /// What was learned but is not to be used.
  public var ablations: [Ablation] = []
  /// Selectors that run beside the active one, as bits.
  public var shadows: UInt8 = 0
  public var setup = PlayerSetup()
  /// From command to key event. Unit: microseconds.
  public var latency = 0
  /// Records the session of each seed into a directory of its own below this one.
  public var recordDirectory: String?

  public init() {}
}

/// What one seed gave.
public struct SimulationResult: Sendable {
  public var seed: UInt64
  public var worldHash: UInt64
  public var virtualSeconds = 0.0
  public var wallSeconds = 0.0
  public var defeats = 0
  public var deaths = 0
  public var flees = 0
  public var experience = 0
  public var loots = 0
  public var rests = 0
  public var ticks = 0
  public var decisionChanges = 0
  public var stateHash: UInt64 = 0
  public var decisionHash: UInt64 = 0
  /// What the agent counted, by name.
  public var counters: [(name: String, value: Double)] = []

  /// How often the safety envelope was broken.
  public var envelopeViolations: Int {
    Int(counters.first { $0.name == "envelope_violations" }?.value ?? 0)
  }

  /// One JSON line.
  public var json: String {
    var json = JSONText()
    json.object {
      $0.member("seed", Int(clamping: seed))
      $0.member("world_hash", hexadecimal(worldHash))
      $0.member("virtual_s", virtualSeconds)
      $0.member("wall_s", (wallSeconds * 1000).rounded() / 1000)
      $0.member("defeats", defeats)
      $0.member("deaths", deaths)
      $0.member("flees", flees)
      $0.member("xp", experience)
      $0.member("loots", loots)
      $0.member("rests", rests)
      $0.member("ticks", ticks)
      $0.member("decision_changes", decisionChanges)
      $0.member("state_hash", hexadecimal(stateHash))
      $0.member("decision_hash", hexadecimal(decisionHash))
      for counter in counters { $0.member(counter.name, counter.value) }
    }
    return json.text
  }

  private func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// One seed, from start to end.
public struct SimulationRun {
  private let data: SimulationData
  private let options: SimulationOptions
  private let seed: UInt64

  public init(data: SimulationData, options: SimulationOptions, seed: UInt64) {
    self.data = data
    self.options = options
    self.seed = seed
  }

  /// Runs to the end.
  /// - Parameter observe: Called after every tick; may look at the world, which no player can.
  public func run(observe: (TickInput, TickOutput, World) -> Void = { _, _, _ in }) throws -> SimulationResult {
    var loop = try ClosedLoop(data: data, seed: seed, players: [options.setup], latency: options.latency)
    var seat = try Seat(data: data, options: options, seed: seed)
    var result = SimulationResult(seed: seed, worldHash: data.world.hash)
    var decisions = StableHash(seed: seed)
    var life = LifeCounters()
    let started = linux_monotonic_nanoseconds()
    let ticks = Int(options.minutes * 600)
    var last: RoutineKey?
    for slot in 0..<ticks {
      let tick = Tick(slot)
      let snapshot = try loop.snapshot(player: 0, tick: tick)
      let (input, output) = try seat.tick(snapshot, report: loop.report(player: 0))
      loop.carryOut(output.commands, player: 0, tick: tick)
      loop.advance(tick)
      decisions.combine(output.decisionHash)
      let key = RoutineKey(output.receipt.decision)
      if key != last { result.decisionChanges += 1 }
      last = key
      for event in output.events { result.count(event) }
      life.note(input, output)
      observe(input, output, loop.world)
    }
    let statistics = loop.world.players[0].statistics
    result.ticks = ticks
    result.virtualSeconds = Double(ticks) / Double(Tick.perSecond)
    result.wallSeconds = Double(linux_monotonic_nanoseconds() - started) / 1e9
    result.defeats = statistics.defeats
    result.deaths = statistics.deaths
    result.experience = statistics.experienceGained - statistics.experienceLost
    result.loots = statistics.corpsesLooted
    result.stateHash = loop.world.stateHash
    result.decisionHash = decisions.value
    result.counters = life.all + seat.counters
    seat.close(result)
    return result
  }
}

/// What makes two decisions the same undertaking.
private struct RoutineKey: Equatable {
  var layer: DecisionLayer
  var rule: RuleID?

  init(_ decision: Decision) {
    layer = decision.layer
    rule = decision.rule
  }
}

extension SimulationResult {
  fileprivate mutating func count(_ event: SessionEvent) {
    switch event {
    case .fleeTrigger: flees += 1
    case .restEnd: rests += 1
    default: break
    }
  }
}
