import Brain
import Command
import Core
import Foundation
import Learning
import Lore
import Simulation
import World

let usage = """
  compass-sim run --seeds 'A..<B' [--minutes M] [--player agent|careful|reckless|idle] [--environment NAME]
                  [--phase 0-4] [--kit NAME] [--level N] [--zone NAME] [--latency MS] [--record DIR] [--jobs N] [--json]
                  [--no-goap] [--ablate NAME|all] [--with NAME] [--shadow] [--strategy NAME] [--faults PROFILE]
                  [--agents N [--strangers | --follow]]
                  [--benchmark NAME|all] [--learned FILE] [--save-learned FILE]
      closed-loop runs in virtual time: one line per seed, then a summary with 95 % intervals

  Equal seeds give equal hashes, whatever the number of jobs. --latency is the time from a decision to its key event.
  --agents puts N players into one world; the figures are their sum, with each player's own in the JSON line. They
  share a board and leave each other their targets; --strangers know nothing of each other, with --follow all but the
  first follow it and join its fights. --strategy fights every fight in one way.
  --benchmark plays a case of the world's benchmark.json (place, kit and level; --seeds, --minutes and --level may
  differ).
  --ablate leaves a kind of learning out, --with adds one that is off by default: encounters, heat, costs, loot, spawns
  are on; weights, differences, strategies, tuning are off.
  --shadow runs all five selectors beside the active one and counts where they differ. A broken safety envelope ends
  with status 70; --weaken puts a fault into the brain (noBarrier, fleeNever, combatScoreZero, deathRecoveryCooldown)
  to show it.
  --faults makes things go wrong, now and then: torn, cycle, garbage, freeze, partial, slow (the memory that is read;
  memory is all of these), keys (lost presses), jitter (late ones), focus (the window loses it), skips (ticks that do
  not happen), several with commas, or all. The JSON line names them.
  --learned begins every seed with the experience in FILE, which is only read; --save-learned leaves there what the one
  seed that is run has learned.

  compass-sim journeys [--count N] [--seed S] [--level N] [--zone NAME] [--unwary] [--json]
      random journeys through all zones with the agent's travelling routine, each from where the one before ended:
      a line per journey, then the share that arrived; --level is the traveller's, the highest unless said otherwise;
      --zone takes goals of one zone only; --unwary has the traveller take no notice of who is about, for comparison
  """ + duelUsage + stepUsage

func run(_ arguments: inout Arguments) throws -> ExitCode {
  let seeds = try arguments.range("--seeds")
  var options = SimulationOptions()
  let minutes = try arguments.number("--minutes", in: 0.01...1e6)
  if let minutes { options.minutes = minutes }
  let kinds = SimulationOptions.PlayerKind.allCases.map(\.rawValue)
  if let kind = try arguments.choice("--player", of: kinds).flatMap(SimulationOptions.PlayerKind.init) {
    options.player = kind
  }
  if let phase = try arguments.integer("--phase", in: 0...4) { options.phase = UInt8(phase) }
  let (kit, level) = (try arguments.value("--kit"), try arguments.integer("--level", in: 1...50))
  let zone = try arguments.value("--zone")
  options.setup = PlayerSetup(kit: kit, level: level ?? 5, zone: zone)
  if let agents = try arguments.integer("--agents", in: 1...64) { options.agents = agents }
  options.sharesBoard = !arguments.flag("--strangers")
  options.follows = arguments.flag("--follow")
  if let name = try arguments.choice("--strategy", of: StrategyID.allCases.map(\.name)) {
    options.strategy = StrategyID(name: name)
  }
  let benchmark = try arguments.value("--benchmark")
  if benchmark != nil, kit != nil || zone != nil {
    throw CommandError(.usage, "--benchmark says itself which kit and zone are played")
  }
  if let latency = try arguments.number("--latency", in: 0...1000) { options.latency = Int(latency * 1000) }
  if let text = try arguments.value("--faults") {
    guard let faults = FaultProfile(text) else {
      throw CommandError(
        .usage, "--faults takes \(FaultProfile.names.joined(separator: ", ")), with commas, not \"\(text)\"")
    }
    options.faults = faults
  }
  options.recordDirectory = try arguments.value("--record")
  options.usesPlanner = !arguments.flag("--no-goap")
  let ablations = SimulationOptions.Ablation.allCases
  if let name = try arguments.choice("--ablate", of: ablations.map(\.rawValue) + ["all"]) {
    options.ablations = ablations.filter { name == "all" || $0.rawValue == name }
  }
  if let name = try arguments.choice("--with", of: ablations.map(\.rawValue)) {
    options.additions = ablations.filter { $0.rawValue == name }
  }
  if let name = try arguments.choice("--weaken", of: BrainConfiguration.Mutation.allCases.map(\.rawValue)) {
    options.weakness = BrainConfiguration.Mutation(rawValue: name) ?? .none
  }
  if arguments.flag("--shadow") { options.shadows = 0b1_1111 }
  options.learned = try experience(&arguments)
  let saved = try arguments.value("--save-learned")
  if saved != nil, benchmark != nil || (seeds?.count ?? 0) != 1 || options.agents != 1 || options.player != .agent {
    throw CommandError(
      .usage, "--save-learned needs one seed and one agent: what several learned is not one experience")
  }
  let environment = try arguments.value("--environment") ?? "sandbox"
  let jobs = try arguments.integer("--jobs", in: 1...64) ?? 1
  let asJSON = arguments.flag("--json")
  try arguments.finish()
  let data = try SimulationData(environment: environment)
  var results: [SimulationResult] = []
  for (options, seeds) in try rounds(benchmark, options, seeds: seeds, minutes: minutes, level: level, in: data) {
    let round = try SimulationBatch(data: data, options: options).run(seeds: seeds, jobs: jobs) { result in
      emit(asJSON ? result.json : line(result))
    }
    summarise(round, asJSON: asJSON)
    results += round
  }
  if let saved, let learned = results.first?.learned { try LearningFile(path: saved).save(learned) }
  let violations = results.reduce(0) { $0 + $1.envelopeViolations }
  say(verdict(results, violations))
  guard violations == 0 else {
    throw CommandError(.internalFault, "the safety envelope was broken \(violations) times")
  }
  return .success
}

/// What is played: the options as they are, or a round for each case of the benchmark that is asked for.
func rounds(
  _ benchmark: String?, _ options: SimulationOptions, seeds: Range<Int>?, minutes: Double?, level: Int?,
  in data: SimulationData
) throws -> [(options: SimulationOptions, seeds: Range<Int>)] {
  guard let benchmark else {
    guard let seeds else { throw CommandError(.usage, "--seeds is missing, e.g. 0..<8") }
    return [(options, seeds)]
  }
  let cases = data.world.benchmarks.filter { benchmark == "all" || $0.name == benchmark }
  guard !cases.isEmpty else {
    let known = data.world.benchmarks.map(\.name).joined(separator: ", ")
    throw CommandError(.usage, "no benchmark \"\(benchmark)\"; there are all, \(known)")
  }
  return cases.map { played in
    var options = options
    options.benchmark = played.name
    options.setup = played.setup
    if let level { options.setup.level = level }
    options.minutes = minutes ?? Double(played.minutes)
    return (options, seeds ?? 0..<played.seeds)
  }
}

/// What a long run is run for, in a line. The memory is the most that the process ever held.
func verdict(_ results: [SimulationResult], _ violations: Int) -> String {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let hours = results.reduce(0) { $0 + $1.virtualSeconds } / 3600
  return "\(results.count) runs to the end, \(hours.tenths) virtual hours, \(violations) envelope violations, "
    + "\((Double(usage.ru_maxrss) / 1024).tenths) MB at most"
}

func line(_ result: SimulationResult) -> String {
  (result.benchmark.map { "\($0) " } ?? "")
    + "seed \(result.seed): \(result.defeats) defeats, \(result.deaths) deaths, \(result.flees) flees, "
    + "xp \(result.experience), \(result.loots) loots, "
    + "\(Int(result.virtualSeconds / max(1e-9, result.wallSeconds))) x real time"
}

func summarise(_ results: [SimulationResult], asJSON: Bool) {
  func rate(_ value: (SimulationResult) -> Int) -> Estimate {
    Estimate(results.map { Double(value($0)) / max(1e-9, $0.virtualSeconds) * 3600 })
  }
  let figures: [(name: String, estimate: Estimate)] = [
    ("defeats_per_hour", rate(\.defeats)), ("deaths_per_hour", rate(\.deaths)), ("flees_per_hour", rate(\.flees)),
    ("xp_per_hour", rate(\.experience)), ("loots_per_hour", rate(\.loots)),
    ("rests_per_hour", rate(\.rests)),
    ("realtime_factor", Estimate(results.map { $0.virtualSeconds / max(1e-9, $0.wallSeconds) })),
  ]
  if asJSON {
    var json = JSONText()
    json.object {
      $0.member("summary", results.count)
      if let name = results.first?.benchmark { $0.member("case", name) }
      for figure in figures {
        $0.member(figure.name, figure.estimate.mean)
        $0.member("\(figure.name)_margin95", figure.estimate.margin)
        $0.member("\(figure.name)_prediction95", figure.estimate.predictionMargin)
      }
      // What the agent counted, over all seeds: sums, and maxima of what is a maximum.
      var totals: [SimulationResult.Counter] = []
      for result in results { totals.add(result.counters) }
      $0.key("totals")
      $0.object { json in
        for counter in totals where !counter.name.contains(".") { json.member(counter.name, counter.value) }
      }
    }
    emit(json.text)
  } else {
    for figure in figures {
      emit(
        "\(figure.name) \(figure.estimate.mean.tenths) ± \(figure.estimate.margin.tenths), "
          + "one further run ± \(figure.estimate.predictionMargin.tenths)")
    }
  }
}

runProgram("compass-sim") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if arguments.flag("--help") {
    emit(usage)
    return .success
  }
  if arguments.flag("--version") {
    emit("compass-sim \(Version.number)")
    return .success
  }
  switch arguments.word() {
  case "run": return try run(&arguments)
  case "step": return try step(&arguments)
  case "journeys": return try journeys(&arguments)
  case "duel": return try duel(&arguments)
  case let word?: throw CommandError(.usage, "unknown command \"\(word)\"; --help lists what there is")
  case nil: throw CommandError(.usage, "a command is missing; --help lists what there is")
  }
}
