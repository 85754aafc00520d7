import Agent
import Brain
import CLinux
import Command
import Core
import Learning
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
    case encounters, heat, costs, loot, weights, differences, spawns, strategies, tuning
  }

  public var player = PlayerKind.agent
  /// The case of the benchmark that is played, by name; only for the record.
  public var benchmark: String?
  /// How many players share the world, each with eyes and keys of its own. Range: `1...`.
  public var agents = 1
  public var minutes = 30.0
  public var phase: UInt8 = 2
  public var usesPlanner = true
  /// What was learned but is not to be used, and what is used although it is off by default.
  public var ablations: [Ablation] = []
  public var additions: [Ablation] = []
  /// Selectors that run beside the active one, as bits.
  public var shadows: UInt8 = 0
  public var setup = PlayerSetup()
  /// Agents of one world share a board and leave each other their targets.
  public var sharesBoard = true
  /// All but the first agent follow the first one, and join its fights.
  public var follows = false
  /// How every fight is fought; nil leaves it to kit and experience.
  public var strategy: StrategyID?
  /// From command to key event. Unit: microseconds.
  public var latency = 0
  /// What goes wrong around the players.
  public var faults = FaultProfile()
  /// What the agent begins with (`LearningStore.image`); empty for nothing. Its clock goes on.
  public var learned: [UInt8] = []
  /// Told of every question to the navigators, for measurements.
  public var pathMeter: Navigator.Meter?
  /// A fault put into the agent's brain, to see that the check of the envelope finds it.
  public var weakness = BrainConfiguration.Mutation.none
  /// Records the session of each seed into a directory of its own below this one.
  public var recordDirectory: String?

  public init() {}
}

/// What one seed gave.
public struct SimulationResult: Sendable {
  public typealias Counter = (name: String, value: Double)

  public var seed: UInt64
  /// The benchmark's case, by name.
  public var benchmark: String?
  public var faults = FaultProfile()
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
  /// What the agent knew at the end, its clock at the end of the run; nil for the reference players.
  public var learned: LearnedState?
  /// What the agent counted, by name.
  public var counters: [Counter] = []
  /// Each player's own figures where several share the world; what is above is then their sum.
  public var agents: [SimulationResult] = []

  /// How often the safety envelope was broken.
  public var envelopeViolations: Int {
    Int(counters.first { $0.name == "envelope_violations" }?.value ?? 0)
  }

  /// One JSON line.
  public var json: String {
    var json = JSONText()
    json.object {
      $0.member("seed", Int(clamping: seed))
      if let benchmark { $0.member("case", benchmark) }
      if !faults.kinds.isEmpty { $0.member("faults", faults.text) }
      $0.member("world_hash", hexadecimal(worldHash))
      $0.member("virtual_s", virtualSeconds)
      $0.member("wall_s", (wallSeconds * 1000).rounded() / 1000)
      writeFigures(&$0)
      if !agents.isEmpty {
        $0.member(
          "agents",
          array: { list in
            for agent in agents { list.object { agent.writeFigures(&$0) } }
          })
      }
    }
    return json.text
  }

  private func writeFigures(_ json: inout JSONText) {
    json.member("defeats", defeats)
    json.member("deaths", deaths)
    json.member("flees", flees)
    json.member("xp", experience)
    json.member("loots", loots)
    json.member("rests", rests)
    json.member("ticks", ticks)
    json.member("decision_changes", decisionChanges)
    json.member("state_hash", hexadecimal(stateHash))
    json.member("decision_hash", hexadecimal(decisionHash))
    for counter in counters where !counter.name.contains(".") { json.member(counter.name, counter.value) }
    for group in Self.groups {
      json.key(group)
      json.object { json in
        for counter in counters where counter.name.hasPrefix("\(group).") {
          json.member(String(counter.name.dropFirst(group.count + 1)), counter.value)
        }
      }
    }
  }

  /// Counters whose names begin with one of these and a dot stand in an object of that name.
  private static let groups = [
    "failures_by_reason", "plan_failures_by_reason", "plans_ended_external_by_reason", "oscillations_by_rules",
    "anomalies",
  ]

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
  /// - Parameter observe: Called after every tick of every player; may look at the world, which no player can.
  public func run(observe: (TickInput, TickOutput, World) -> Void = { _, _, _ in }) throws -> SimulationResult {
    let setups = options.setups(in: data.world)
    var loop = try ClosedLoop(
      data: data, seed: seed, players: setups, latency: options.latency, faults: options.faults)
    var places = try setups.indices.map { index in
      // The first player's seed is the run's own: alone or in company, it begins the same.
      let own = index == 0 ? seed : mixed(seed ^ UInt64(index) << 48)
      var result = SimulationResult(seed: seed, worldHash: data.world.hash)
      result.benchmark = options.benchmark
      result.faults = options.faults
      return Place(seat: try Seat(data: data, options: options, seed: own, number: index), result: result)
    }
    var board = SimulatedBoard(count: options.sharesBoard ? places.count : 0)
    let started = linux_monotonic_nanoseconds()
    let ticks = Int(options.minutes * 600)
    for slot in 0..<ticks {
      let tick = Tick(slot)
      for index in places.indices {
        var done: (TickInput, TickOutput)?
        if !loop.skips(tick, player: index) {
          let snapshot = try loop.snapshot(player: index, tick: tick)
          let (input, output) = try places[index].seat.tick(
            snapshot, report: loop.report(player: index), peers: board.others(than: index))
          loop.carryOut(output.commands, player: index, tick: tick)
          board.put(output.note, of: index)
          places[index].note(input, output, isShared: isShared(places, index, output))
          done = (input, output)
        }
        // The world moves on when the last player has decided.
        if index == places.count - 1 {
          loop.advance(tick)
          board.turn()
        }
        if let (input, output) = done { observe(input, output, loop.world) }
      }
    }
    let wall = Double(linux_monotonic_nanoseconds() - started) / 1e9
    for index in places.indices { places[index].finish(loop.world, player: index, ticks: ticks, wall: wall) }
    return SimulationResult(sumOf: places.map(\.result))
  }
}

extension SimulationRun {
  /// Agent `index` begins to pull what another one already pulls or fights without having asked for help.
  private func isShared(_ places: [Place], _ index: Int, _ output: TickOutput) -> Bool {
    guard places.count > 1, case .pull(let target, _) = output.receipt.decision.order,
      places[index].target != target
    else { return false }
    return places.indices.contains {
      $0 != index && places[$0].target == target && !(places[$0].note?.needsHelp ?? false)
        && !(options.follows && $0 == 0)
    }
  }
}

extension SimulationOptions {
  /// One start for each player: the first at the place that was asked for, the others around it.
  func setups(in world: WorldData) -> [PlayerSetup] {
    world.group(of: agents, setup)
  }
}

/// A player's seat, and what was counted there.
private struct Place {
  var seat: Seat
  var result: SimulationResult
  private var decisions: StableHash
  private var life = LifeCounters()
  private var last: RoutineKey?
  /// What its pull or fight of the last tick is about.
  private(set) var target: EntityID?
  private(set) var note: PeerNote?

  init(seat: Seat, result: SimulationResult) {
    self.seat = seat
    self.result = result
    decisions = StableHash(seed: result.seed)
  }

  mutating func note(_ input: TickInput, _ output: TickOutput, isShared: Bool) {
    decisions.combine(output.decisionHash)
    let key = RoutineKey(output.receipt.decision)
    if key != last { result.decisionChanges += 1 }
    last = key
    for event in output.events { result.count(event) }
    life.note(input, output, way: seat.way, isShared: isShared)
    note = output.note
    target =
      switch output.receipt.decision.order {
      case .pull(let target, _), .combat(let target), .engageAdd(let target): target
      default: nil
      }
  }

  mutating func finish(_ world: World, player: Int, ticks: Int, wall: Double) {
    let statistics = world.players[player].statistics
    result.ticks = ticks
    result.virtualSeconds = Double(ticks) / Double(Tick.perSecond)
    result.wallSeconds = wall
    result.defeats = statistics.defeats
    result.deaths = statistics.deaths
    result.experience = statistics.experienceGained - statistics.experienceLost
    result.loots = statistics.corpsesLooted
    result.stateHash = world.stateHash
    result.decisionHash = decisions.value
    life.finish(Tick(ticks))
    result.counters = life.all(at: Tick(ticks)) + seat.counters
    if var learned = seat.agent?.learned {
      learned.epoch = learned.seconds(at: Tick(ticks))
      result.learned = learned
    }
    seat.close(result)
  }
}

extension SimulationResult {
  /// What all players of one world did together; one player's figures stay as they are.
  init(sumOf players: [SimulationResult]) {
    self = players[0]
    guard players.count > 1 else { return }
    agents = players
    var hash = StableHash(seed: seed)
    hash.combine(decisionHash)
    for player in players.dropFirst() {
      defeats += player.defeats
      deaths += player.deaths
      flees += player.flees
      experience += player.experience
      loots += player.loots
      rests += player.rests
      decisionChanges += player.decisionChanges
      hash.combine(player.decisionHash)
      counters.add(player.counters)
    }
    decisionHash = hash.value
  }
}

extension [SimulationResult.Counter] {
  /// Sums by name; of what ends in `_max` the largest.
  public mutating func add(_ others: [SimulationResult.Counter]) {
    for counter in others {
      guard let row = firstIndex(where: { $0.name == counter.name }) else {
        append(counter)
        continue
      }
      self[row].value =
        counter.name.hasSuffix("_max") ? Swift.max(self[row].value, counter.value) : self[row].value + counter.value
    }
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
