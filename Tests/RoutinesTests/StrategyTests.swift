import Core
import Lore
import Testing

@testable import Routines

/// What each strategy chooses, as a table of situations.
@Suite struct StrategyTests {
  static let all = SpellChoices(
    dot: SpellID(1), lifetap: SpellID(2), fear: SpellID(3), snare: SpellID(4), root: SpellID(5), nuke: SpellID(6),
    heal: SpellID(7))

  /// A fight that goes well: pet on the target, target on the pet.
  static func view(_ change: (inout CastContext) -> Void = { _ in }) -> CastContext {
    var view = CastContext(
      tick: .start, targetDistance: 50, targetHealth: 0.8, isTargetOnPet: true, playerHealth: 1, playerMana: 1,
      manaPoints: 100, petHealth: 1, isPetOnTarget: true, petDistance: 3, spells: all)
    change(&view)
    return view
  }

  @Test func `each strategy chooses as its table says`() {
    let cases: [(StrategyID, String, CombatAct, CastContext)] = [
      (.petAndDot, "send the pet first", .petAttack, Self.view { $0.isPetOnTarget = false }),
      (
        .petAndDot, "wait until the pet holds it", .wait(.petTakesHold),
        Self.view {
          $0.isTargetOnPet = false
          $0.targetHealth = 1
        }
      ),
      (.petAndDot, "keep the dots up", .cast(SpellID(1)), Self.view()),
      (.petAndDot, "tap when badly hurt", .cast(SpellID(2)), Self.view { $0.playerHealth = 0.5 }),
      (
        .petAndDot, "fear what presses us", .cast(SpellID(3)),
        Self.view {
          $0.isTargetOnPlayer = true
          $0.targetDistance = 8
          $0.playerHealth = 0.65
        }
      ),
      (
        .petAndDot, "let what is nearly down fall", .wait(.targetNearlyDown),
        Self.view { $0.targetHealth = 0.1 }
      ),
      (
        .petAndDot, "let time work while the pet will outlast it", .wait(.spellsRunning),
        Self.view {
          $0.spells.dot = nil
          $0.playerMana = 0.5
          $0.petSeconds = 20
          $0.targetSeconds = 10
        }
      ),
      (
        .petAndDot, "end it before the pet falls", .cast(SpellID(6)),
        Self.view {
          $0.spells.dot = nil
          $0.playerMana = 0.5
          $0.petSeconds = 20
          $0.targetSeconds = 25
        }
      ),
      (
        .petAndDot, "hit what hits us when nothing is left", .melee,
        Self.view {
          $0.isTargetOnPlayer = true
          $0.targetDistance = 8
          $0.spells = SpellChoices()
        }
      ),
      (
        .petAndDot, "heal the pet while it takes the blows", .cast(SpellID(8)),
        Self.view {
          $0.petHealth = 0.5
          $0.spells.mend = SpellID(8)
        }
      ),
      (
        .petAndDot, "not for the last breath of the enemy", .wait(.targetNearlyDown),
        Self.view {
          $0.petHealth = 0.5
          $0.targetHealth = 0.05
          $0.spells.mend = SpellID(8)
        }
      ),
      (
        .petTank, "save mana while the pet is fresh on it", .wait(.spellsRunning),
        Self.view { $0.targetHealth = 0.95 }
      ),
      (.fearKite, "slow it while the pet holds it", .cast(SpellID(4)), Self.view()),
      (.fearKite, "then the first wound", .cast(SpellID(1)), Self.view { $0.isTargetSlowed = true }),
      (
        .fearKite, "then it may run", .cast(SpellID(3)),
        Self.view {
          $0.isTargetSlowed = true
          $0.spells.dot = nil
        }
      ),
      (
        .fearKite, "relieve the pet at once", .cast(SpellID(3)),
        Self.view {
          $0.isTargetSlowed = true
          $0.petHealth = 0.4
          $0.playerMana = 0.2
        }
      ),
      (
        .fearKite, "drive off what comes as fast as we run", .cast(SpellID(3)),
        Self.view {
          $0.isTargetOnPet = false
          $0.isTargetOnPlayer = true
        }
      ),
      (
        .fearKite, "keep away from what is slow", .giveGround,
        Self.view {
          $0.isTargetOnPet = false
          $0.isTargetOnPlayer = true
          $0.isTargetSlowed = true
          $0.targetDistance = 30
        }
      ),
      (
        .fearKite, "go on until there is room for a spell", .giveGround,
        Self.view {
          $0.isTargetOnPet = false
          $0.isTargetOnPlayer = true
          $0.isTargetSlowed = true
          $0.isGivingGround = true
          $0.playerMana = 0.3
          $0.targetDistance = 70
        }
      ),
      (
        .fearKite, "then wound it", .cast(SpellID(1)),
        Self.view {
          $0.isTargetOnPet = false
          $0.isTargetOnPlayer = true
          $0.isTargetSlowed = true
          $0.playerMana = 0.3
          $0.targetDistance = 70
        }
      ),
      (
        .fearKite, "what runs is slowed", .cast(SpellID(4)),
        Self.view {
          $0.isTargetFleeing = true
          $0.petHealth = nil
        }
      ),
      (
        .fearKite, "fear again before it ends", .cast(SpellID(3)),
        Self.view {
          $0.isTargetFleeing = true
          $0.isTargetSlowed = true
          $0.fearSeconds = 3
        }
      ),
      (
        .fearKite, "but not beyond its leash", .cast(SpellID(1)),
        Self.view {
          $0.isTargetFleeing = true
          $0.isTargetSlowed = true
          $0.fearSeconds = 3
          $0.targetStrayed = 200
        }
      ),
      (
        .fearKite, "keep mana for the next fear", .wait(.spellsRunning),
        Self.view {
          $0.isTargetFleeing = true
          $0.isTargetSlowed = true
          $0.spells.dot = nil
          $0.playerMana = 0.4
        }
      ),
      (
        .fearKite, "finish what runs with its last breath", .cast(SpellID(6)),
        Self.view {
          $0.isTargetFleeing = true
          $0.targetHealth = 0.05
        }
      ),
      (
        .endgame, "nuke with plenty of mana", .cast(SpellID(6)),
        Self.view { $0.spells.dot = nil }
      ),
      (.melee, "close in", .melee, Self.view()),
      (.melee, "heal when low", .cast(SpellID(7)), Self.view { $0.playerHealth = 0.3 }),
      (.nuke, "burn", .cast(SpellID(1)), Self.view()),
      (
        .nuke, "hold what comes", .cast(SpellID(5)),
        Self.view {
          $0.isTargetOnPlayer = true
          $0.targetDistance = 15
        }
      ),
      (.heal, "heal first", .cast(SpellID(7)), Self.view { $0.playerHealth = 0.5 }),
      (.heal, "hit in between", .melee, Self.view { $0.playerMana = 0.4 }),
    ]
    for (strategy, name, act, view) in cases {
      #expect(strategy.choose(view) == act, "\(strategy.name): \(name)")
    }
  }

  @Test func `a fight changes its ways for stated reasons, and never back`() {
    var able = FightCourse()
    able.knowsFear = true
    able.leastMana = 15
    var tried = able
    tried.left = 1 << StrategyID.fearKite.rawValue
    var resisted = able
    resisted.fearsResisted = 2
    var usual = able
    usual.expectedSeconds = 12
    let late: (inout CastContext) -> Void = { $0.seconds = 30 }
    func view(_ change: (inout CastContext) -> Void) -> CastContext {
      Self.view {
        late(&$0)
        change(&$0)
      }
    }
    let cases: [(StrategyID, FightCourse, CastContext, StrategyID?, StrategySwitch?)] = [
      (.petAndDot, able, view { _ in }, nil, nil),
      (.petAndDot, able, Self.view { $0.petHealth = 0.2 }, nil, nil),
      (.petAndDot, able, view { $0.petHealth = 0.2 }, .fearKite, .petNearlyDown),
      (.petAndDot, able, view { $0.petHealth = nil }, .fearKite, .petLost),
      (.petAndDot, tried, view { $0.petHealth = nil }, nil, nil),
      (.petAndDot, FightCourse(), view { $0.petHealth = nil }, nil, nil),
      (.fearKite, resisted, view { _ in }, .petAndDot, .fearResisted),
      (.fearKite, resisted, view { $0.petHealth = nil }, .melee, .fearResisted),
      (.endgame, able, view { $0.addsOnPlayer = 2 }, .petTank, .tooManyAdds),
      (.petTank, usual, view { _ in }, .petAndDot, .takesTooLong),
      (.petTank, able, view { _ in }, nil, nil),
      (
        .nuke, able,
        view {
          $0.petHealth = nil
          $0.isTargetOnPlayer = true
          $0.manaPoints = 10
        }, .melee, .manaGone
      ),
    ]
    for (row, item) in cases.enumerated() {
      let change = item.0.change(item.2, item.1)
      #expect(change?.to == item.3 && change?.reason == item.4, "case \(row): \(item.0.name)")
    }
  }

  @Test func `no strategy casts what it has not, in any situation`() {
    for seed in UInt64(0)..<2000 {
      var generator = SeededGenerator(seed: seed)
      let view = CastContext(
        tick: .start, targetDistance: generator.uniform(0...200), targetHealth: generator.unit(),
        isTargetFleeing: generator.chance(0.2), isTargetOnPlayer: generator.chance(0.5),
        isTargetOnPet: generator.chance(0.5), addCount: generator.integer(0...4), playerHealth: generator.unit(),
        playerMana: generator.unit(), manaPoints: generator.integer(0...100),
        petHealth: generator.chance(0.5) ? generator.unit() : nil, isPetOnTarget: generator.chance(0.5),
        petDistance: generator.uniform(0...100), castCount: generator.integer(0...3), spells: SpellChoices())
      for strategy in StrategyID.allCases {
        switch strategy.choose(view) {
        case .cast(let spell): Issue.record("seed \(seed): \(strategy.name) casts \(spell)")
        case .petAttack: #expect(view.hasPet && strategy.usesPet, "seed \(seed)")
        case .giveGround: #expect(view.isTargetSlowed && view.isTargetOnPlayer, "seed \(seed)")
        case .melee, .wait: break
        }
      }
    }
  }
}
