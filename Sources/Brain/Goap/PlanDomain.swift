import Core

/// A step that a plan can be made of; the rule says who carries it out.
public struct PlanAction: Hashable, Sendable {
  public var id: PlanActionID
  public var rule: RuleID
  public var precondition: PlanCondition
  public var effect: PlanCondition
  /// What shows that the step is done; a part of its effect.
  public var proof: PlanCondition
  /// Unit: seconds; used until enough was learned.
  public var cost: Double
  /// A running step may take so long. Unit: seconds.
  public var limit: Double

  public init(
    _ id: PlanActionID, _ rule: RuleID, needs precondition: PlanCondition, gives effect: PlanCondition,
    shownBy proof: PlanCondition? = nil, cost: Double, limit: Double
  ) {
    self.id = id
    self.rule = rule
    self.precondition = precondition
    self.effect = effect
    self.proof = proof ?? effect
    self.cost = cost
    self.limit = limit
  }
}

public enum PlanActionID: UInt8, CaseIterable, Sendable, Codable {
  case rest, acquire, pull, defeat, loot, buff, summonPet, memorise, wander, travel, returnToCamp, goToMarket, vendor
  case recoverCorpse

  public var name: String { String(describing: self) }
}

/// What plans are made for, in the order of the reference's priorities.
public enum PlanGoalID: UInt8, CaseIterable, Sendable, Codable {
  case survive, maintainReadiness, manageResources, gainExperience, manageInventory, progress

  public var name: String { String(describing: self) }
}

public struct PlanGoal: Hashable, Sendable {
  public var id: PlanGoalID
  public var condition: PlanCondition

  public init(_ id: PlanGoalID, _ condition: PlanCondition) {
    self.id = id
    self.condition = condition
  }
}

/// Actions and goals; checked once, before anything is planned with them.
public struct PlanDomain: Sendable {
  public var actions: [PlanAction]
  public var goals: [PlanGoal]

  public init(actions: [PlanAction], goals: [PlanGoal]) {
    self.actions = actions
    self.goals = goals
  }

  /// The agent's own domain; actions in the order of their ids.
  public static let standard = PlanDomain(
    actions: [
      PlanAction(
        .rest, .rest, needs: PlanCondition([.quiet], not: [.engaged]),
        gives: PlanCondition([.healthSafe, .healthReady, .healthFull, .manaReady, .manaFull]), cost: 30, limit: 240),
      PlanAction(
        .acquire, .acquire,
        needs: PlanCondition(
          [
            .quiet, .candidateKnown, .healthReady, .manaReady, .petAlive, .buffed, .memorised, .inCampZone, .atCamp,
          ], not: [.engaged, .corpseNear]),
        gives: PlanCondition([.targetTaken]), cost: 5, limit: 40),
      PlanAction(
        .pull, .pull, needs: PlanCondition([.quiet, .targetTaken, .petAlive, .healthReady], not: [.engaged]),
        gives: PlanCondition([.engaged], not: [.quiet]), shownBy: PlanCondition([.engaged]), cost: 8, limit: 90),
      PlanAction(
        .defeat, .inCombat, needs: PlanCondition([.engaged]),
        gives: PlanCondition(
          [.quiet, .corpseNear, .experienced], not: [.engaged, .targetTaken, .candidateKnown, .manaFull, .healthFull]),
        shownBy: PlanCondition(not: [.engaged]), cost: 25, limit: 240),
      PlanAction(
        .loot, .loot, needs: PlanCondition([.quiet, .corpseNear, .bagsFree], not: [.engaged]),
        gives: PlanCondition(not: [.corpseNear]), cost: 6, limit: 40),
      PlanAction(
        .buff, .buff, needs: PlanCondition([.quiet, .manaReady, .memorised], not: [.engaged]),
        gives: PlanCondition([.buffed], not: [.manaFull]), shownBy: PlanCondition([.buffed]), cost: 12, limit: 60),
      PlanAction(
        .summonPet, .summonPet, needs: PlanCondition([.quiet, .manaReady, .stocked, .memorised], not: [.engaged]),
        gives: PlanCondition([.petAlive], not: [.manaFull]), shownBy: PlanCondition([.petAlive]), cost: 15, limit: 60),
      PlanAction(
        .memorise, .memorizeSpells, needs: PlanCondition([.quiet], not: [.engaged]),
        gives: PlanCondition([.memorised]), cost: 20, limit: 120),
      PlanAction(
        .wander, .wander,
        needs: PlanCondition(
          [.quiet, .healthReady, .manaReady, .inCampZone, .atCamp], not: [.engaged, .corpseNear]),
        gives: PlanCondition([.candidateKnown]), cost: 30, limit: 300),
      PlanAction(
        .travel, .travel, needs: PlanCondition([.quiet, .healthSafe], not: [.engaged, .inCampZone]),
        gives: PlanCondition([.inCampZone, .atCamp], not: [.inMarketZone]), shownBy: PlanCondition([.inCampZone]),
        cost: 90, limit: 600),
      PlanAction(
        .returnToCamp, .returnToCamp, needs: PlanCondition([.quiet, .inCampZone], not: [.engaged, .atCamp]),
        gives: PlanCondition([.atCamp]), cost: 20, limit: 180),
      PlanAction(
        .goToMarket, .travel, needs: PlanCondition([.quiet, .healthSafe], not: [.engaged, .inMarketZone]),
        gives: PlanCondition([.inMarketZone], not: [.inCampZone, .atCamp, .candidateKnown]),
        shownBy: PlanCondition([.inMarketZone]), cost: 90, limit: 600),
      PlanAction(
        .vendor, .vendor, needs: PlanCondition([.quiet, .inMarketZone], not: [.engaged]),
        gives: PlanCondition([.bagsFree, .stocked]), cost: 40, limit: 240),
      PlanAction(
        .recoverCorpse, .recoverCorpse,
        needs: PlanCondition([.quiet, .healthReady], not: [.engaged]),
        gives: PlanCondition([.corpseRecovered]), cost: 60, limit: 240),
    ],
    goals: [
      PlanGoal(.survive, PlanCondition([.healthSafe, .healthReady, .quiet])),
      PlanGoal(.maintainReadiness, PlanCondition([.petAlive, .buffed, .memorised])),
      PlanGoal(.manageResources, PlanCondition([.healthReady, .manaReady])),
      PlanGoal(.gainExperience, PlanCondition([.experienced, .quiet], not: [.corpseNear, .engaged])),
      PlanGoal(.manageInventory, PlanCondition([.bagsFree, .stocked, .corpseRecovered])),
      PlanGoal(.progress, PlanCondition([.inCampZone, .atCamp])),
    ])
}
