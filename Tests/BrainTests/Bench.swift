import Core
import Lore
import Nav
import Perception
import Telemetry
import WorldModel

@testable import Brain

/// A small world of data for the tests: a pet-and-dot class, a town and a meadow, one camp.
enum SmallLore {
  static let classID = 11
  static let town = ZoneID(1)
  static let meadow = ZoneID(2)
  static let reagent = ItemID(900)
  static let fang = ItemID(901)
  static let dot = SpellID(1)
  static let tap = SpellID(2)
  static let pet = SpellID(3)
  static let shield = SpellID(4)
  static let feign = SpellID(5)
  /// What bread does; in no gem and of no class.
  static let fed = SpellID(6)
  static let bread = ItemID(1002)

  static func make(
    policy: Policy = Policy(), feignLevel: Int = 1, reagents: Set<SpellKind> = [.pet], hasCamps: Bool = true,
    loadouts: [Loadout] = [], notHunted: [FixedName] = []
  ) -> Lore {
    func spell(_ id: SpellID, _ kind: SpellKind, _ target: SpellTarget, mana: Int, level: Int = 1) -> Spell {
      Spell(
        id: id, name: FixedName("\(kind)"), kind: kind, target: target, mana: mana, castSeconds: 2, range: 100,
        durationSeconds: 30, reagent: reagents.contains(kind) ? reagent : nil, levels: [classID: level])
    }
    let band = KitBand(
      levels: 1...Kit.levelMax, strategy: .petAndDot,
      gems: [
        .kind(.dot, rank: 0), .kind(.lifetap, rank: 0), .kind(.pet, rank: 0), .kind(.buff, rank: 0),
        .kind(.feign, rank: 0),
      ],
      buffs: [.kind(.buff, rank: 0)])
    return Lore(
      name: "small",
      spells: [
        spell(dot, .dot, .single, mana: 10), spell(tap, .lifetap, .single, mana: 8),
        spell(pet, .pet, .caster, mana: 15),
        spell(shield, .buff, .caster, mana: 10), spell(feign, .feign, .caster, mana: 5, level: feignLevel),
        Spell(id: fed, name: "fed", kind: .buff, target: .caster, mana: 0, castSeconds: 0, durationSeconds: 300),
      ],
      items: [
        Item(id: reagent, name: "bone chips", value: 5, weight: 1, stackMax: 20, kind: "reagent"),
        Item(id: bread, name: "bread", value: 2, weight: 2, stackMax: 20, kind: "food", effect: fed),
        Item(id: fang, name: "wolf fang", value: 100, weight: 1, stackMax: 20, kind: "trash"),
      ],
      classes: [classID: "caster"],
      zones: [
        Zone(
          id: town, name: "town", southWest: Position(-500, -500), northEast: Position(500, 500),
          lines: [ZoneLine(to: meadow, at: Position(450, 0), radius: 20, arrive: Position(-950, 0))],
          vendors: [Vendor(name: "Trader Tam", at: Position(50, 50))], bind: Position(0, 0)),
        Zone(
          id: meadow, name: "meadow", southWest: Position(-1000, -1000), northEast: Position(1000, 1000),
          lines: [ZoneLine(to: town, at: Position(-980, 0), radius: 20, arrive: Position(430, 0))]),
      ],
      kits: [Kit(name: "caster", classID: classID, notHunted: notHunted, bands: [band], loadouts: loadouts)],
      camps: !hasCamps
        ? []
        : [
          Camp(
            name: "meadow", zone: meadow, center: Position(0, 0), fleePoints: [Position(-300, 0)], radius: 250,
            levels: 1...20, avoid: ["a great bear"], dangers: [])
        ], policy: policy)
  }
}

/// A brain with its world model, driven by states that a test writes.
struct Bench {
  var brain: Brain
  var model = WorldModel()
  var state: GameState
  var receipt = DecisionReceipt(decision: Decision(tick: .start, layer: .idle))
  var events: [SessionEvent] = []
  var routine: RoutineStatus?
  var isArmed = true
  var hold = HoldReason.none
  /// Lines of the chat log before each tick.
  var chat: [FixedText] = []

  static let player = EntityID(1000)
  static let petID = EntityID(1001)

  init(
    phase: UInt8 = 2, lore: Lore = SmallLore.make(), configuration: BrainConfiguration = BrainConfiguration()
  ) {
    var configuration = configuration
    configuration.phase = phase
    brain = Brain(configuration: configuration, lore: lore, seed: 1)
    state = Self.healthy()
  }

  /// Fit, buffed, with a pet, at the camp, nothing near.
  static func healthy() -> GameState {
    var player = Player(id: player, name: "Test", position: Position(0, 0, 0), heading: .north)
    player.health = 100
    player.healthMax = 100
    player.mana = 100
    player.manaMax = 100
    player.level = 5
    player.classID = SmallLore.classID
    player.stand = .standing
    player.buffs = [Buff(spell: SmallLore.shield, remaining: 600)]
    var state = GameState(zone: SmallLore.meadow, player: player, pet: petID)
    state.gems = [SmallLore.dot, SmallLore.tap, SmallLore.pet, SmallLore.shield, SmallLore.feign].map {
      Gem(spell: $0)
    }
    state.inventory = Inventory(
      items: [ItemStack(item: SmallLore.reagent, count: 10, slot: 0)], slotsFree: 7, slotsTotal: 8)
    state.spawns = [petSpawn()]
    return state
  }

  static func petSpawn(health: Double = 1) -> Spawn {
    Spawn(
      id: petID, name: "Gobaner", kind: .pet, position: Position(5, 0, 0), level: 5, healthFraction: health,
      owner: player)
  }

  static func npc(
    _ id: UInt32, _ name: FixedName = "a rat", at position: Position, level: UInt8 = 5, health: Double? = 1,
    target: EntityID? = nil
  ) -> Spawn {
    Spawn(id: EntityID(id), name: name, position: position, level: level, healthFraction: health, target: target)
  }

  /// One tick. The routine goes on with what was decided the tick before unless a test says otherwise.
  @discardableResult
  mutating func tick(outcome: RoutineOutcome? = nil) -> Decision {
    state.tick = state.tick + 1
    model.update(state, lore: brain.lore)
    let decision = brain.decide(
      BrainInput(
        state: state, model: model, routine: routine, outcome: outcome, isArmed: isArmed, hold: hold, chat: chat),
      receipt: &receipt, events: &events)
    if let order = decision.order {
      if routine?.order != order || routine?.credit != decision.credit {
        routine = RoutineStatus(
          order: order, credit: decision.credit, started: state.tick, progressed: state.tick)
      }
    } else {
      routine = nil
    }
    return decision
  }

  /// Several ticks with nothing new; the last decision.
  @discardableResult
  mutating func ticks(_ count: Int) -> Decision {
    var decision = tick()
    for _ in 1..<max(1, count) { decision = tick() }
    return decision
  }

  /// Ends the running routine with the next tick.
  @discardableResult
  mutating func end(_ result: RoutineOutcome.Result) -> Decision {
    guard let routine else { return tick() }
    let outcome = RoutineOutcome(
      order: routine.order, credit: routine.credit, result: result, started: routine.started, ended: state.tick)
    self.routine = nil
    return tick(outcome: outcome)
  }

  func verdict(_ rule: RuleID) -> DecisionReceipt.Verdict? { receipt.verdicts.first { $0.rule == rule } }
}
