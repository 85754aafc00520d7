import Core
import Lore
import Nav
import Perception
import WorldModel

@testable import Routines

/// A tiny world for routines: a flat plain that answers to motor commands, with as many rules as the tests need.
struct ScriptedWorld {
  var state: GameState
  var model = WorldModel()
  var lore: Lore
  let body = BodyProfile(turnRate: 128, runSpeed: 30)
  /// A wall that nothing walks through: everything with y above this, between these x.
  var wall: (minX: Double, maxX: Double, y: Double)?
  /// The ground that routines know of; nil while there is none.
  var navigator: Navigator?
  var peers: [PeerNote] = []
  /// Told of every look through all entities.
  var onScan: (@Sendable (Int) -> Void)?
  /// How the world answers; tests switch these off to see a routine fail.
  var tabWorks = true
  var petObeys = true
  var castsWork = true
  var windowsOpen = true
  var npcsFightBack = true
  var sitWorks = true
  var bagsHaveRoom = true
  var buysGoods = true
  var castInterrupts = 0
  /// Casts that bring no bar and cost all the same.
  var fizzles = 0
  var lootTakes = true
  var spellsTakeEffect = true
  /// The pet hangs behind something until then.
  var petHeldUntil = Tick.start
  private(set) var petBacks = 0
  private(set) var destroyed = 0
  private(set) var deposited = 0
  private(set) var down: KeySet = .none
  private(set) var typed: [String] = []
  private(set) var taps: [KeyAction] = []
  private var castEnds: Tick?
  private var castGem = 0
  private var blows = 0
  private var lootLeft: [EntityID: Int] = [:]

  static let dot = SpellID(1)
  static let tap = SpellID(2)
  static let pet = SpellID(3)
  static let fear = SpellID(4)
  static let shield = SpellID(5)
  static let feign = SpellID(6)
  static let nuke = SpellID(7)
  static let relic = SpellID(8)
  static let mend = SpellID(9)
  /// What bread does.
  static let fed = SpellID(10)
  static let pelt = ItemID(9)
  static let letter = ItemID(6)
  static let garnet = ItemID(8)
  static let bread = ItemID(7)
  static let me = EntityID(1)
  static let petID = EntityID(2)

  static let lore = lore()

  /// The world's lore, with the spell that raises the kit's pet.
  static func lore(pet servant: SpellID = pet) -> Lore {
    func spell(
      _ id: SpellID, _ name: FixedName, _ kind: SpellKind, _ target: SpellTarget, mana: Int, seconds: Double,
      lasts: Double = 0
    ) -> Spell {
      Spell(
        id: id, name: name, kind: kind, target: target, mana: mana, castSeconds: seconds, recastSeconds: 2,
        range: target == .single ? 100 : 0, durationSeconds: lasts, levels: [1: 1])
    }
    let kit = Kit(
      name: "adept", classID: 1, pullMode: .pet, pullDistance: 60,
      bands: [
        KitBand(
          levels: 1...60, strategy: .petAndDot,
          gems: [.spell(dot), .spell(Self.tap), .spell(servant), .spell(fear), .spell(shield), .spell(feign)])
      ])
    var policy = Policy()
    policy.items = [pelt: .sell, letter: .destroy, garnet: .bank, bread: .keep]
    policy.stock = [bread: 3]
    policy.reagentStock = 0
    return Lore(
      spells: [
        spell(dot, "Slow Poison", .dot, .single, mana: 20, seconds: 1.5, lasts: 24),
        spell(tap, "Leech", .lifetap, .single, mana: 15, seconds: 1),
        spell(pet, "Raise", .pet, .caster, mana: 50, seconds: 2),
        spell(fear, "Dread", .fear, .single, mana: 25, seconds: 1.5, lasts: 12),
        spell(shield, "Shield", .buff, .caster, mana: 10, seconds: 1, lasts: 600),
        spell(feign, "Feign", .feign, .caster, mana: 10, seconds: 0.5),
        Spell(
          id: relic, name: "Relic", kind: .pet, target: .caster, mana: 10, castSeconds: 1, reagent: letter,
          levels: [1: 1]),
        spell(nuke, "Bolt", .nuke, .single, mana: 20, seconds: 1.5),
        spell(mend, "Mend", .heal, .pet, mana: 10, seconds: 1),
        Spell(id: fed, name: "Fed", kind: .buff, target: .caster, mana: 0, castSeconds: 0, durationSeconds: 300),
      ],
      items: [
        Item(id: pelt, name: "pelt", value: 5, weight: 1, kind: "trash"),
        Item(id: letter, name: "letter", value: 0, weight: 1, isNoDrop: true, kind: "quest"),
        Item(id: garnet, name: "garnet", value: 90, weight: 1, kind: "gem"),
        Item(id: bread, name: "bread", value: 1, weight: 1, stackMax: 20, kind: "food", effect: fed),
      ],
      zones: [
        Zone(
          id: ZoneID(1), name: "plain", southWest: Position(-500, -500), northEast: Position(500, 500),
          lines: [ZoneLine(to: ZoneID(2), at: Position(0, 200), radius: 10, arrive: Position(0, -200))],
          vendors: [Vendor(name: "Bram", at: Position(20, 0))],
          bankers: [Vendor(name: "Odo", at: Position(20, 60))]),
        Zone(id: ZoneID(2), name: "hill", southWest: Position(-500, -500), northEast: Position(500, 500)),
      ],
      kits: [kit], policy: policy)
  }

  init() {
    lore = Self.lore
    state = GameState(tick: Tick(1), zone: ZoneID(1))
    state.player = Player(
      id: Self.me, name: "Ada", position: .origin, heading: .north, speed: 0, health: 100, healthMax: 100, mana: 100,
      manaMax: 100, level: 8, classID: 1, stand: .standing, money: 0)
    state.gems = [Self.dot, Self.tap, Self.pet, Self.fear, Self.shield, Self.feign].map { Gem(spell: $0) }
    state.isAutoAttacking = false
    state.inventory = Inventory(slotsFree: 8, slotsTotal: 8)
  }

  var context: RoutineContext {
    RoutineContext(
      state: state, model: model, lore: lore, navigator: navigator, body: body, peers: peers, onScan: onScan)
  }

  mutating func add(
    _ id: UInt32, _ name: FixedName, at place: Position, kind: SpawnKind = .npc, health: Double = 1,
    target: EntityID? = nil, owner: EntityID? = nil
  ) {
    state.spawns.append(
      Spawn(
        id: EntityID(id), name: name, kind: kind, position: place, level: 6, healthFraction: health, owner: owner,
        target: target))
    if kind == .corpse { lootLeft[EntityID(id)] = 2 }
  }

  mutating func addPet() {
    add(2, "Ada_pet", at: Position(3, 0), kind: .pet, owner: Self.me)
    state.pet = Self.petID
  }

  mutating func change(_ id: EntityID, _ body: (inout Spawn) -> Void) {
    guard let row = state.spawns.firstIndex(where: { $0.id == id }) else { return }
    body(&state.spawns[row])
  }

  /// Lets the model see the state; call before a routine's tick.
  mutating func look() { model.update(state, lore: lore) }

  /// Carries out what a tick wished for and goes on by 100 ms.
  mutating func advance(_ hands: Hands) {
    taps.removeAll()
    var milliseconds: [KeyAction: Double] = [:]
    for key in hands.held { milliseconds[key] = 100 }
    for stroke in hands.strokes {
      switch stroke {
      case .press(let key, let time): milliseconds[key] = max(milliseconds[key] ?? 0, min(100, Double(time)))
      case .tap(let key):
        taps.append(key)
        tap(key)
      case .type(let text): type(text.description)
      case .hold, .release, .releaseAll: break
      }
    }
    down = hands.held
    move(milliseconds)
    fight()
    state.tick = state.tick + 1
    finishCast()
    for gem in state.gems.indices { state.gems[gem].recast = max(0, state.gems[gem].recast - 0.1) }
    look()
  }

  private mutating func move(_ milliseconds: [KeyAction: Double]) {
    guard var place = state.player.position, let heading = state.player.heading, state.player.stand == .standing
    else { return }
    let turn = (milliseconds[.turnRight] ?? 0) - (milliseconds[.turnLeft] ?? 0)
    state.player.heading = heading + turn / 1000 * body.turnRate
    let ahead = ((milliseconds[.forward] ?? 0) - 0.5 * (milliseconds[.back] ?? 0)) / 1000 * body.runSpeed
    let side = ((milliseconds[.strafeRight] ?? 0) - (milliseconds[.strafeLeft] ?? 0)) / 1000 * body.runSpeed
    let before = place
    place = place.moved(ahead, along: heading).moved(side, along: heading + 128)
    if let ground = navigator?.floors, isBlocked(place, ground) { place = before }
    if let wall, place.x > wall.minX, place.x < wall.maxX, place.y > wall.y, before.y <= wall.y { place = before }
    state.player.position = place
    state.player.speed = before.horizontalDistance(to: place) * 10
    if ahead != 0 || side != 0, castEnds != nil { interruptCast() }
  }

  /// Nothing of the ground stands between us and the target.
  private var seesTarget: Bool {
    guard let navigator, let place = state.player.position, let target = state.targetSpawn else { return true }
    return navigator.isVisible(from: place, to: target.position)
  }

  /// Nobody walks into what the ground has as a wall.
  private func isBlocked(_ place: Position, _ floors: Floors) -> Bool {
    guard let cell = floors.frame.cell(x: place.x, y: place.y) else { return true }
    return !floors.sheets[0].walk.isWalkable(cell.x, cell.y)
  }

  private mutating func tap(_ key: KeyAction) {
    switch key {
    case .sitStand where sitWorks:
      state.player.stand = state.player.stand == .standing ? .sitting : .standing
    case .autoAttack: state.isAutoAttacking?.toggle()
    case .targetNextNPC where tabWorks: cycle(.npc)
    case .targetNextCorpse where tabWorks: cycle(.corpse)
    case .petAttack where petObeys:
      if let target = state.target { change(Self.petID) { $0.target = target } }
    case .petBack:
      petBacks += 1
      change(Self.petID) { $0.target = nil }
    case .openLoot where windowsOpen: open()
    case .closeWindow:
      state.loot = nil
      state.merchant = nil
    case .gem1, .gem2, .gem3, .gem4, .gem5, .gem6, .gem7, .gem8:
      cast(gem: Int(key.rawValue - KeyAction.gem1.rawValue))
    default: break
    }
  }

  /// The next one of the kind, in the order of distance, starting anew after the last.
  private mutating func cycle(_ kind: SpawnKind) {
    guard let place = state.player.position else { return }
    let near = state.spawns.filter { $0.kind == kind && $0.position.distance(to: place) < 150 }
      .sorted { $0.position.distance(to: place) < $1.position.distance(to: place) }
    guard !near.isEmpty else { return }
    let at = near.firstIndex { $0.id == state.target }.map { ($0 + 1) % near.count } ?? 0
    state.target = near[at].id
  }

  private mutating func open() {
    guard let target = state.targetSpawn, let place = state.player.position,
      place.distance(to: target.position) < 12
    else { return }
    if target.kind == .corpse {
      if state.loot == nil {
        state.loot = LootWindow(
          corpse: target.id,
          items: (0..<lootLeft[target.id, default: 0]).map { ItemStack(item: ItemID(9), count: 1, slot: $0) })
      }
    } else if target.name == "Bram" {
      state.merchant = MerchantWindow(
        merchant: target.id, wares: [ItemStack(item: Self.bread, count: 1, slot: 4)])
    }
  }

  private mutating func type(_ text: String) {
    typed.append(text)
    if text == "/release", state.player.stand == .dead {
      state.player.stand = .standing
      state.player.health = 100
    }
    if text == "/loot all", lootTakes, let corpse = state.loot?.corpse {
      if bagsHaveRoom {
        lootLeft[corpse] = 0
        state.loot = nil
      } else {
        state.inventory.slotsFree = 0
      }
    }
    if text.hasPrefix("/target "), tabWorks, let place = state.player.position {
      let name = text.dropFirst(8)
      let named = state.spawns.filter { $0.name.description == name }
      state.target =
        named.min { $0.position.distance(to: place) < $1.position.distance(to: place) }?.id ?? state.target
    }
    trade(text)
  }

  /// The goods of the counter: sold and destroyed by slot, bought by number, deposited where the banker is near.
  private mutating func trade(_ text: String) {
    if text == "/sell all", state.merchant != nil, buysGoods {
      state.inventory.items.removeAll { lore.policy(for: $0.item) == .sell }
    }
    let words = text.split(separator: " ")
    guard words.count >= 2, let number = Int(words[1]) else { return }
    func remove() -> ItemStack? {
      guard let row = state.inventory.items.firstIndex(where: { $0.slot == number - 1 }) else { return nil }
      return state.inventory.items.remove(at: row)
    }
    switch words[0] {
    case "/sell" where state.merchant != nil && buysGoods:
      if let sold = remove() { state.player.money = (state.player.money ?? 0) + (lore.item(sold.item)?.value ?? 0) }
    case "/destroy": if remove() != nil { destroyed += 1 }
    case "/use" where spellsTakeEffect:
      guard let effect = remove().flatMap({ lore.item($0.item)?.effect }) else { break }
      state.player.buffs.append(Buff(spell: effect, remaining: 300))
    case "/buy" where state.merchant != nil && number == 5:
      let count = words.count > 2 ? Int(words[2]) ?? 1 : 1
      let row = state.inventory.items.firstIndex { $0.item == Self.bread }
      let have = row.map { state.inventory.items.remove(at: $0).count } ?? 0
      state.inventory.items.append(ItemStack(item: Self.bread, count: have + count, slot: 7))
      state.player.money = (state.player.money ?? 0) - count
    case "/deposit":
      let banker = state.spawns.first { $0.name == "Odo" }?.position ?? Position(9999, 0)
      if state.player.position?.distance(to: banker) ?? 99 < 12, remove() != nil { deposited += 1 }
    default: break
    }
  }

  private mutating func cast(gem: Int) {
    guard castsWork, castEnds == nil, gem < state.gems.count, let id = state.gems[gem].spell,
      state.gems[gem].recast <= 0, let spell = lore.spell(id), (state.player.mana ?? 0) >= spell.mana,
      state.player.stand == .standing, spell.target != .single || seesTarget
    else { return }
    if fizzles > 0 {
      fizzles -= 1
      state.player.mana = (state.player.mana ?? 0) - spell.mana
      state.gems[gem].recast = spell.recastSeconds
      return
    }
    castGem = gem
    castEnds = state.tick + Tick.slots(seconds: spell.castSeconds)
    state.player.casting = Casting(spell: id, remaining: spell.castSeconds)
  }

  private mutating func interruptCast() {
    castEnds = nil
    state.player.casting = nil
  }

  private mutating func finishCast() {
    guard let castEnds, state.tick >= castEnds, let casting = state.player.casting,
      let spell = lore.spell(casting.spell)
    else { return }
    interruptCast()
    if castInterrupts > 0 {
      castInterrupts -= 1
      return
    }
    state.player.mana = (state.player.mana ?? 0) - spell.mana
    state.gems[castGem].recast = spell.recastSeconds
    guard spellsTakeEffect else { return }
    switch spell.kind {
    case .pet: addPet()
    case .buff: state.player.buffs.append(Buff(spell: spell.id, remaining: spell.durationSeconds))
    case .feign:
      state.player.stand = .feigned
      for row in state.spawns.indices where state.spawns[row].target == Self.me { state.spawns[row].target = nil }
    case .dot, .lifetap, .nuke, .fear:
      if let target = state.target { hurt(target, spell.kind == .fear ? 0 : 0.2, by: Self.me) }
    case .heal where spell.target == .pet: change(Self.petID) { $0.healthFraction = 1 }
    case .snare, .root, .heal, .gate, .mez: break
    }
  }

  private mutating func hurt(_ id: EntityID, _ share: Double, by attacker: EntityID) {
    let fightsBack = npcsFightBack
    change(id) {
      guard $0.kind == .npc else { return }
      $0.healthFraction = max(0, ($0.healthFraction ?? 1) - share)
      if fightsBack, $0.target == nil { $0.target = attacker }
      if $0.healthFraction == 0 {
        $0.kind = .corpse
        $0.body = .dead
        $0.target = nil
      }
    }
    if let spawn = state.spawn(id), spawn.kind == .corpse { lootLeft[id] = lootLeft[id] ?? 2 }
  }

  /// Every second the pet and auto-attack hit; the pet walks to what it attacks.
  private mutating func fight() {
    if let prey = state.petSpawn?.target, state.tick >= petHeldUntil, let place = state.spawn(prey)?.position {
      change(Self.petID) { pet in
        let left = pet.position.distance(to: place)
        pet.position = left < 3 ? place : pet.position.moved(3, along: pet.position.heading(to: place))
      }
      if state.tick.slot % 10 == 0, state.petSpawn?.position.distance(to: place) ?? 99 < 5 {
        hurt(prey, 0.06, by: Self.petID)
        if state.spawn(prey)?.kind == .corpse { change(Self.petID) { $0.target = nil } }
      }
    }
    if state.isAutoAttacking == true, let target = state.targetSpawn, let place = state.player.position,
      place.distance(to: target.position) < 10, state.tick.slot % 10 == 5
    {
      hurt(target.id, 0.05, by: Self.me)
    }
  }
}

/// What a run of one order left behind.
struct RunTrace {
  var outcome: RoutineOutcome?
  var ticks = 0
  var taps: [KeyAction] = []
  var phases: [UInt8] = []
  /// Keys that were held in the tick after the end.
  var heldAfter: KeySet = .none
  var events: [String] = []
  var failure: RoutineFailure? {
    if case .failed(let failure) = outcome?.result { failure } else { nil }
  }
}

/// Lets one order run in the world until it ends, at most `limit` ticks; `each` may change the world before a tick.
func run(
  _ order: RoutineOrder, in world: inout ScriptedWorld, limit: Int = 3000, seed: UInt64 = 1,
  each: (inout ScriptedWorld, Int) -> Void = { _, _ in }
) -> RunTrace {
  var runner = RoutineRunner(seed: seed)
  var trace = RunTrace()
  world.look()
  while trace.outcome == nil, trace.ticks < limit {
    each(&world, trace.ticks)
    let decision = Decision(tick: world.state.tick, layer: .utility, order: order, credit: CreditID(1))
    trace.outcome = runner.run(decision, world.context)
    if let phase = runner.status?.phase, trace.phases.last != phase { trace.phases.append(phase) }
    trace.events += runner.hands.events.map(\.key)
    trace.heldAfter = runner.hands.held
    world.advance(runner.hands)
    trace.taps += world.taps
    trace.ticks += 1
  }
  for _ in 0..<12 {
    _ = runner.run(Decision(tick: world.state.tick, layer: .idle), world.context)
    trace.heldAfter.bits |= runner.hands.held.bits
    world.advance(runner.hands)
  }
  return trace
}
