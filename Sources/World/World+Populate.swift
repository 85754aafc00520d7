import Core

// Setting a world up, and coming into it.
extension World {
  static let slotBits: UInt32 = 12

  mutating func populate(_ setups: [PlayerSetup]) throws(WorldSetupError) {
    let spawnCount = data.zones.reduce(0) { $0 + $1.spawns.count }
    let total = firstNPCSlot + spawnCount
    guard setups.count <= 64, total <= 1 << Int(Self.slotBits) else {
      throw WorldSetupError.tooManyPlayers(setups.count)
    }
    entities = (0..<total).map { slot in
      var entity = Entity()
      entity.id = EntityID(UInt32(slot))
      return entity
    }
    minds = (0..<total).map { slot in
      var mind = Mind()
      mind.random = SeededGenerator(seed: seed, stream: UInt64(slot))
      return mind
    }
    wake = Array(repeating: .max, count: total)
    hate = Array(repeating: Hate(), count: total * Hate.capacity)
    corpses = Array(repeating: Corpse(), count: data.rules.corpseCapacity)
    corpseItems = Array(repeating: .none, count: data.rules.corpseCapacity * Corpse.capacity)
    effects.reserveCapacity(512)
    chat.reserveCapacity(64)
    doorsOpen = data.zones.map { $0.doors.map(\.isOpen) }

    var slot = firstNPCSlot
    for zone in data.zones.indices {
      let first = slot
      for spawn in data.zones[zone].spawns.indices {
        minds[slot].spawn = spawn
        entities[slot].zone = zone
        spawnNPC(slot)
        slot += 1
      }
      npcSlots.append(first..<slot)
    }
    for (index, setup) in setups.enumerated() { try addPlayer(index, setup) }
  }

  private mutating func addPlayer(_ index: Int, _ setup: PlayerSetup) throws(WorldSetupError) {
    var kit = 0
    if let name = setup.kit {
      guard let known = data.classes.firstIndex(where: { $0.name == name }) else {
        throw .unknownClass(name, known: data.classes.map(\.name))
      }
      kit = known
    }
    guard (1...data.rules.levelMax).contains(setup.level) else {
      throw .levelOutOfRange(setup.level, 1...data.rules.levelMax)
    }
    var zone = data.classes[kit].startZone
    if let name = setup.zone {
      guard let known = data.zone(named: name) else { throw .unknownZone(name, known: data.zones.map(\.name)) }
      zone = known
    }
    var player = PlayerState(
      slot: index, kit: kit, random: SeededGenerator(seed: seed, stream: UInt64(1_000_000 + index)))
    player.inventory = Array(repeating: .none, count: data.rules.inventorySlots)
    player.bank = Array(repeating: .none, count: data.rules.bankSlots)
    player.money = data.classes[kit].money
    player.meleeSkill = data.rules.skillPerLevel * setup.level
    player.castingSkill = player.meleeSkill
    player.standing = Array(repeating: 0, count: data.kins.count)
    for (gem, spell) in data.classes[kit].gems.enumerated() {
      if let spell, let level = data.spells[spell].level(forClass: data.classes[kit].id), level <= setup.level {
        player.gems[gem].spell = spell
      }
    }
    player.bindZone = data.zones[zone].bind == nil ? data.classes[kit].startZone : zone
    player.bindPosition = data.zones[player.bindZone].bind ?? data.zones[player.bindZone].arrival
    players.append(player)
    appear(index, kind: .player, name: FixedName(setup.name), zone: zone)
    entities[index].classID = UInt8(clamping: data.classes[kit].id)
    entities[index].race = 1
    entities[index].level = setup.level
    entities[index].height = data.rules.bodyHeight
    var position = setup.position ?? data.zones[zone].arrival
    if let ground = data.zones[zone].collision.ground(
      position.x, position.y, below: (setup.position?.z ?? position.z) + 1)
    {
      position.z = ground.z
    }
    entities[index].position = position
    entities[index].heading = data.zones[zone].arrivalHeading
    for stack in data.classes[kit].items { _ = give(index, stack.item, stack.count) }
    refreshMaxima(index)
    entities[index].health = entities[index].healthMax
    players[index].mana = players[index].manaMax
    players[index].experienceNext = experienceNeeded(setup.level)
  }

  /// Takes a slot anew: a new id, health to be set by the caller.
  mutating func appear(_ slot: Int, kind: EntityKind, name: FixedName, zone: Int) {
    let turn = (entities[slot].id.raw >> Self.slotBits) &+ 1
    entities[slot] = Entity()
    entities[slot].id = EntityID(turn << Self.slotBits | UInt32(slot))
    entities[slot].kind = kind
    entities[slot].name = name
    entities[slot].zone = zone
    entities[slot].isPresent = true
    clearHate(slot)
    minds[slot].status = Status()
    minds[slot].lastStep = stepIndex
  }

  /// Leaves the world without a trace.
  mutating func vanish(_ slot: Int) {
    guard entities[slot].isPresent else { return }
    removeEffects(on: entities[slot].id)
    entities[slot].isPresent = false
    wake[slot] = .max
  }

  /// The NPC of a spawn point comes into the world.
  mutating func spawnNPC(_ slot: Int) {
    let zone = entities[slot].zone
    let spawn = minds[slot].spawn
    let position = data.zones[zone].spawns[spawn].position
    let heading = data.zones[zone].spawns[spawn].heading
    let type = pick(slot, zone: zone, spawn: spawn)
    appear(slot, kind: .npc, name: data.npcs[type].name, zone: zone)
    let level = minds[slot].random.integer(data.npcs[type].levels)
    embody(slot, type: type, level: level)
    entities[slot].position = position
    entities[slot].heading = heading
    let random = minds[slot].random
    minds[slot] = Mind()
    minds[slot].random = random
    minds[slot].spawn = spawn
    minds[slot].lastStep = stepIndex
    minds[slot].until = stepIndex + minds[slot].random.integer(30...600)
    wake[slot] = stepIndex + minds[slot].random.integer(1...30)
  }

  private mutating func pick(_ slot: Int, zone: Int, spawn: Int) -> Int {
    let count = data.zones[zone].spawns[spawn].types.count
    var total = 0.0
    for index in 0..<count { total += data.zones[zone].spawns[spawn].types[index].weight }
    var draw = minds[slot].random.unit() * total
    for index in 0..<count {
      draw -= data.zones[zone].spawns[spawn].types[index].weight
      if draw < 0 { return data.zones[zone].spawns[spawn].types[index].npc }
    }
    return data.zones[zone].spawns[spawn].types[count - 1].npc
  }

  /// Gives a body the numbers of its type at `level`.
  mutating func embody(_ slot: Int, type: Int, level: Int) {
    entities[slot].type = type
    entities[slot].level = level
    entities[slot].race = data.npcs[type].race
    entities[slot].classID = data.npcs[type].classID
    entities[slot].height = data.npcs[type].height
    let health = max(1, Int(data.npcs[type].healthBase + data.npcs[type].healthPerLevel * Double(level)))
    entities[slot].healthMax = health
    entities[slot].health = health
  }

  /// Points from `level` to the next.
  func experienceNeeded(_ level: Int) -> Int {
    max(1, Int(data.rules.experienceBase * power(Double(level), data.rules.experiencePower)))
  }

  /// Health, mana and weight limits after a change of level or buffs.
  mutating func refreshMaxima(_ player: Int) {
    let kit = players[player].kit
    let slot = players[player].slot
    let level = Double(entities[slot].level)
    let health = Int(data.classes[kit].healthBase + data.classes[kit].healthPerLevel * level)
    entities[slot].healthMax = max(1, health + minds[slot].status.health)
    entities[slot].health = min(entities[slot].health, entities[slot].healthMax)
    players[player].manaMax = Int(data.classes[kit].manaBase + data.classes[kit].manaPerLevel * level)
    players[player].mana = min(players[player].mana, players[player].manaMax)
    players[player].weightMax = data.rules.weightBase + data.rules.weightPerLevel * entities[slot].level
  }
}
