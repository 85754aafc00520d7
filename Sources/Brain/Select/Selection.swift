import Core

/// Verdicts of one tick with the bars of the gates: what a selector chooses from.
struct Ballot: Sendable {
  /// In the order of the rule table.
  var verdicts: [RuleVerdict] = []
  /// True where a gate bars an otherwise eligible rule.
  var isBarred: [Bool] = []
  /// Score by considerations; only filled when a selector asks for it.
  var considered: [Double] = []

  init() {
    let count = RuleID.allCases.count
    verdicts.reserveCapacity(count)
    isBarred.reserveCapacity(count)
    considered.reserveCapacity(count)
  }

  mutating func clear() {
    verdicts.removeAll(keepingCapacity: true)
    isBarred.removeAll(keepingCapacity: true)
    considered.removeAll(keepingCapacity: true)
  }

  /// The class that must answer: the highest with an eligible rule. Gates do not count for emergency and defence,
  /// so that a cooldown or a breaker never lowers the class.
  func requiredClass(isPartial: Bool, honouring barred: RuleID? = nil) -> RuleClass? {
    var highest: RuleClass?
    for row in verdicts.indices where verdicts[row].isEligible {
      let ruleClass = RuleTable.ruleClass[row]
      if ruleClass == .ordinary, isBarred[row] || isPartial { continue }
      if let barred, isBarred[row], RuleTable.rules[row].id == barred { continue }
      highest = max(highest ?? ruleClass, ruleClass)
    }
    return highest
  }
}

/// What a selector chose.
struct Choice: Hashable, Sendable {
  var row: Int
  var score: Double
  var runnerUp: Int?
  var margin: Double?
}

/// One of the five ways to choose among the eligible rules of one class. Interchangeable at run time.
enum Selector {
  /// The best rule of `ruleClass`; barred ones only if nothing else of an emergency or defence class is left.
  static func choose(
    _ ballot: Ballot, phase: UInt8, ruleClass: RuleClass, current: RuleID?, allowAllClasses: Bool = false
  ) -> Choice? {
    choose(ballot, phase, ruleClass, current, allowAllClasses, ignoreBars: false)
      ?? (ruleClass > .ordinary ? choose(ballot, phase, ruleClass, current, allowAllClasses, ignoreBars: true) : nil)
  }

  private static func choose(
    _ ballot: Ballot, _ phase: UInt8, _ ruleClass: RuleClass, _ current: RuleID?, _ allClasses: Bool,
    ignoreBars: Bool
  ) -> Choice? {
    var best: Choice?
    var bestTier = Int.max
    // Emergencies go by severity, which is the table's order, in every phase.
    let isByOrder = phase <= 1 || (ruleClass == .emergency && !allClasses)
    for row in ballot.verdicts.indices where ballot.verdicts[row].isEligible {
      guard allClasses || RuleTable.ruleClass[row] == ruleClass else { continue }
      if ballot.isBarred[row], !ignoreBars { continue }
      let score = score(row, ballot, phase: phase, current: current)
      // A consideration of zero is a hard gate; never for defence and emergency.
      if phase == 4, score <= 0, RuleTable.ruleClass[row] == .ordinary { continue }
      if isByOrder {
        if let leader = best {
          if leader.runnerUp == nil {
            best = Choice(row: leader.row, score: leader.score, runnerUp: row, margin: leader.score - score)
          }
        } else {
          best = Choice(row: row, score: score)
        }
        continue
      }
      let tier = phase == 2 && !allClasses ? RuleTable.rules[row].tier : 0
      guard let leader = best else {
        best = Choice(row: row, score: score)
        bestTier = tier
        continue
      }
      if tier < bestTier || (tier == bestTier && score > leader.score) {
        best = Choice(row: row, score: score, runnerUp: leader.row, margin: score - leader.score)
        bestTier = tier
      } else if leader.margin == nil || leader.score - score < leader.margin ?? .infinity {
        best?.runnerUp = row
        best?.margin = leader.score - score
      }
    }
    return best
  }

  /// What the running rule counts more, so that near ties do not flicker.
  static let commitment = 1.15

  private static func score(_ row: Int, _ ballot: Ballot, phase: UInt8, current: RuleID?) -> Double {
    let rule = RuleTable.rules[row]
    let own = ballot.verdicts[row].score
    let raw: Double
    switch phase {
    case 3: raw = rule.weight * own
    case 4: raw = rule.weight * (row < ballot.considered.count ? ballot.considered[row] : own)
    default: raw = own
    }
    return rule.id == current ? raw * commitment : raw
  }
}
