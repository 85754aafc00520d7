import Core
import Telemetry

/// The current intent in one sentence: what the agent does, and what let it decide so.
enum Intent {
  static func sentence(_ frame: LiveFrame, _ names: LiveNames) -> String {
    if frame.stand == .waiting { return "Waiting for \(names.environment)'s client to be started." }
    let decision = frame.decision
    if decision.layer == .hold { return "Standing still with all keys up: \(hold(decision.hold, frame.stand))." }
    guard let order = decision.order else { return "Doing nothing: no rule is willing." }
    return "\(action(order, frame, names))\(ground(decision, frame, names))."
  }

  private static func hold(_ reason: HoldReason, _ stand: LiveFrame.Stand) -> String {
    switch reason {
    case .none: "nothing is decided yet"
    case .notArmed:
      switch stand {
      case .disarmed: "disarmed by its operator; \"compassd arm\" lets it go on"
      case .armed: "it is about to be armed"
      case .waiting, .observing: "it is not armed and only observes"
      }
    case .loading: "the client is loading a zone"
    case .stale: "nothing moves in the client any more"
    case .noFocus: "the client's window does not have the keyboard focus"
    case .motorNotReady: "there is no keyboard (display or key guard is missing)"
    case .noZoneData: "the ground of this zone is not known"
    case .commanded: "it was told to"
    }
  }

  private static func action(_ order: RoutineOrder, _ frame: LiveFrame, _ names: LiveNames) -> String {
    func being(_ id: EntityID?) -> String {
      guard let id else { return "a threat" }
      guard let spawn = frame.spawn(id) else { return "someone out of sight" }
      let health = spawn.healthFraction.map { ", \(percent($0)) health" } ?? ""
      return "\(spawn.name.shown) (level \(spawn.level)\(spawn.kind == .corpse ? ", dead" : health))"
    }
    return switch order {
    case .deathRecovery: "Coming back from death"
    case .feignDeath(let spell): "Playing dead with \(names.spell(spell))"
    case .flee(let to, let threat): "Running from \(being(threat)) to \(place(to))"
    case .evade(_, let threat): "Stepping out of the way of \(being(threat))"
    case .combat(let id): "Fighting \(being(id))"
    case .engageAdd(let id): "Turning on \(being(id)), who joined the fight"
    case .rest(let health, let mana): "Resting until health is \(percent(health)) and mana \(percent(mana))"
    case .loot(let id): "Looting \(being(id))"
    case .acquire(let id): "Taking \(being(id)) as target"
    case .pull(let id, let mode): "Pulling \(being(id)) by \(mode)"
    case .memorizeSpells: "Memorising spells"
    case .summonPet(let spell): "Summoning a pet with \(names.spell(spell))"
    case .buff(let spell): "Casting \(names.spell(spell)) on itself"
    case .vendor(let id, let at): id == nil ? "Going to trade at \(place(at))" : "Trading with \(being(id))"
    case .recoverCorpse(let at): "Fetching its belongings from its corpse at \(place(at))"
    case .unstick: "Freeing itself from where it is stuck"
    case .travel(let to, let zone): "Travelling to \(names.zone(zone) ?? "another zone"), \(place(to))"
    case .wander(let around, _): "Looking for prey around \(place(around))"
    }
  }

  /// What let it decide so.
  private static func ground(_ decision: Decision, _ frame: LiveFrame, _ names: LiveNames) -> String {
    let rule = decision.rule?.name ?? "no rule"
    switch decision.layer {
    case .hold, .idle: return ""
    case .emergency: return ", by the emergency rule \(rule)"
    case .defence: return ", by the defence rule \(rule)"
    case .locked: return ", which is not to be interrupted now"
    case .plan:
      guard let plan = frame.plan else { return ", by plan" }
      return ", step \(plan.index + 1) of \(plan.stepCount) of the plan for \(names.goal(plan.goal))"
    case .utility:
      guard let runnerUp = frame.runnerUp, let margin = frame.margin else { return ", by the rule \(rule)" }
      return ", by the rule \(rule), \(margin.hundredths) ahead of \(runnerUp.name)"
    }
  }

  private static func place(_ position: Position) -> String { "(\(position.x.whole), \(position.y.whole))" }

  private static func percent(_ fraction: Double) -> String { "\((fraction * 100).whole) %" }
}

extension Double {
  /// Without decimals; "?" for what is no finite number.
  var whole: String { isFinite && abs(self) < 1e15 ? String(Int(rounded())) : "?" }
}

extension FixedName {
  /// For a sentence; the nameless have a name too.
  var shown: String { isEmpty ? "something" : description }
}
