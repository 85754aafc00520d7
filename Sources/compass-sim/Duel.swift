import Command
import Core
import Lore
import Simulation

let duelUsage = """


  compass-sim duel --target KEY [--target-level N] [--kit NAME] [--level N] [--strategy NAME] [--seeds 'A..<B']
                   [--minutes M] [--watch] [--json]
      fights of the agent against one enemy (a key of the world's npcs.json) with nobody else in the world, each fought
      in one way from first to last; without --strategy by petAndDot, then by fearKite, then as the agent itself
      chooses and changes (own), with the same seeds. A fight is won when the enemy falls; to die, to flee and not to
      have ended after M minutes (8) is to lose. --watch tells every second how the fight stands
  """

/// `compass-sim duel`: which way of fighting wins against whom?
func duel(_ arguments: inout Arguments) throws -> ExitCode {
  guard let target = try arguments.value("--target") else { throw CommandError(.usage, "--target is missing") }
  var terms = DuelRun.Terms(
    kit: try arguments.value("--kit"), level: try arguments.integer("--level", in: 1...50) ?? 5, target: target,
    targetLevel: try arguments.integer("--target-level", in: 1...60))
  if let minutes = try arguments.number("--minutes", in: 0.1...120) { terms.minutes = minutes }
  let named = try arguments.choice("--strategy", of: StrategyID.allCases.map(\.name) + ["own"])
  let seeds = try arguments.range("--seeds") ?? 0..<32
  let environment = try arguments.value("--environment") ?? "sandbox"
  let asJSON = arguments.flag("--json")
  let isWatched = arguments.flag("--watch")
  try arguments.finish()
  let run: DuelRun
  do {
    run = try DuelRun(data: try SimulationData(environment: environment), terms: terms)
  } catch let error as DuelError {
    throw CommandError(.usage, error.description)
  }
  for strategy in named.map({ [StrategyID(name: $0)] }) ?? [.petAndDot, .fearKite, nil] {
    let duels = try seeds.map { seed in
      var ticks = 0
      let duel = try run.fight(strategy, seed: UInt64(seed)) { moment in
        ticks += 1
        if isWatched, ticks % 10 == 1 || !moment.events.isEmpty { say(line(moment)) }
      }
      emit(asJSON ? json(duel) : line(duel))
      return duel
    }
    summarise(duels, strategy, asJSON: asJSON)
  }
  return .success
}

private func name(_ strategy: StrategyID?) -> String { strategy?.name ?? "own" }

private func line(_ duel: Duel) -> String {
  "\(name(duel.strategy)) seed \(duel.seed): \(duel.outcome.rawValue) against level \(duel.targetLevel) after "
    + "\(duel.seconds.tenths) s, health \((duel.health * 100).tenths) %, mana \((duel.mana * 100).tenths) %, "
    + "enemy \((duel.targetHealth * 100).tenths) %\(duel.hasPet ? "" : ", pet lost")"
}

private func line(_ moment: DuelRun.Moment) -> String {
  func percent(_ part: Double) -> String { "\(Int((part * 100).rounded())) %" }
  var line =
    "\(moment.seconds.tenths) s  health \(percent(moment.health)), mana \(percent(moment.mana)), "
    + "pet \(moment.petHealth.map(percent) ?? "lost"); enemy \(percent(moment.targetHealth)) at "
    + "\(Int(moment.distance)) (pet \(moment.petDistance.map { "\(Int($0))" } ?? "-")), "
    + (moment.isTargetFleeing ? "running" : moment.isTargetOnPlayer ? "on us" : "on the pet")
    + "; \(moment.routine?.name ?? "nothing")"
  if let spell = moment.spell { line += ", casting \(spell)" }
  for event in moment.events {
    line += " [\(event.key)]"
    if case .fleeTrigger(let reason, _, _, _) = event { line += " \(reason)" }
  }
  return line
}

private func json(_ duel: Duel) -> String {
  var json = JSONText()
  json.object {
    $0.member("strategy", name(duel.strategy))
    $0.member("seed", Int(clamping: duel.seed))
    $0.member("outcome", duel.outcome.rawValue)
    $0.member("target_level", duel.targetLevel)
    $0.member("seconds", duel.seconds)
    $0.member("health", duel.health)
    $0.member("mana", duel.mana)
    $0.member("target_health", duel.targetHealth)
    $0.member("has_pet", duel.hasPet)
  }
  return json.text
}

private func summarise(_ duels: [Duel], _ strategy: StrategyID?, asJSON: Bool) {
  let won = duels.filter { $0.outcome == .won }
  let seconds = Estimate(won.map(\.seconds))
  var json = JSONText()
  json.object { json in
    json.member("summary", duels.count)
    json.member("strategy", name(strategy))
    for outcome in Duel.Outcome.allCases {
      json.member(outcome.rawValue, duels.count { $0.outcome == outcome })
    }
    json.member("seconds_won", seconds.mean)
    json.member("seconds_won_margin95", seconds.margin)
  }
  emit(
    asJSON
      ? json.text
      : "\(name(strategy)): \(won.count) of \(duels.count) won, on average in \(seconds.mean.tenths) s; "
        + Duel.Outcome.allCases.dropFirst().map { outcome in
          "\(duels.count { $0.outcome == outcome }) \(outcome.rawValue)"
        }.joined(separator: ", "))
}
