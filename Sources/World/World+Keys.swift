import Core

// What keys and typed commands do.
extension World {
  /// A key that acts when it goes down.
  mutating func press(_ player: Int, _ key: ClientKey) {
    let slot = players[player].slot
    if entities[slot].posture == .dead { return }
    if let gem = key.gem {
      castGem(player, gem)
      return
    }
    switch key {
    case .jump: jump(player)
    case .sitStand:
      if entities[slot].posture == .standing { sit(player) } else { stand(player) }
    case .autorun:
      players[player].isAutorunning.toggle()
    case .targetNextNPC: cycle(player, forward: true)
    case .targetPreviousNPC: cycle(player, forward: false)
    case .targetSelf: setTarget(player, slot)
    case .targetNextCorpse: cycleCorpses(player)
    case .petAttack, .petBack, .petFollow, .petGuard: petCommand(player, key)
    case .autoAttack:
      if !players[player].isAutoAttacking { stand(player) }
      players[player].isAutoAttacking.toggle()
      say(player, .autoAttack(players[player].isAutoAttacking))
    case .consider: consider(player)
    case .openLoot: open(player)
    case .inventory: players[player].isInventoryOpen.toggle()
    case .hail: hail(player)
    case .closeWindow:
      if players[player].loot == nil, players[player].merchant == nil, !players[player].isBankOpen,
        !players[player].isInventoryOpen
      {
        players[player].target = nil
      }
      closeWindows(player)
      players[player].isInventoryOpen = false
    case .forward, .back, .turnLeft, .turnRight, .strafeLeft, .strafeRight: break
    case .gem1, .gem2, .gem3, .gem4, .gem5, .gem6, .gem7, .gem8: break
    }
  }

  private mutating func setTarget(_ player: Int, _ slot: Int) {
    players[player].target = entities[slot].id
    entities[players[player].slot].target = entities[slot].id
    say(player, .target(entities[slot].name))
  }

  /// Next or previous NPC in the order of distance, round and round.
  private mutating func cycle(_ player: Int, forward: Bool) {
    let body = players[player].slot
    let zone = entities[body].zone
    let place = entities[body].position
    func distance(_ slot: Int) -> Double { entities[slot].position.distance(to: place) }
    var current: (Double, Int)?
    if let target = players[player].target.flatMap({ slot(of: $0) }), target >= firstNPCSlot {
      current = (distance(target), target)
    }
    var next: (Double, Int)?
    var wrapped: (Double, Int)?
    for slot in npcSlots[zone] where entities[slot].isPresent {
      let candidate = (distance(slot), slot)
      guard candidate.0 <= data.rules.targetRange else { continue }
      let isBefore = forward ? { (a: (Double, Int), b: (Double, Int)) in a < b } : { $0 > $1 }
      if let current {
        if isBefore(current, candidate), next.map({ isBefore(candidate, $0) }) ?? true { next = candidate }
      }
      if wrapped.map({ isBefore(candidate, $0) }) ?? true { wrapped = candidate }
    }
    if let found = next ?? wrapped { setTarget(player, found.1) } else { say(player, .nothingThere) }
  }

  private mutating func cycleCorpses(_ player: Int) {
    let body = players[player].slot
    let zone = entities[body].zone
    let place = entities[body].position
    var current: (Double, Int)?
    if let target = players[player].target.flatMap({ slot(of: $0) }), entities[target].kind == .corpse {
      current = (entities[target].position.distance(to: place), target)
    }
    var next: (Double, Int)?
    var nearest: (Double, Int)?
    for slot in firstCorpseSlot..<firstNPCSlot where entities[slot].isPresent && entities[slot].zone == zone {
      let candidate = (entities[slot].position.distance(to: place), slot)
      guard candidate.0 <= data.rules.targetRange else { continue }
      if let current, candidate > current, next.map({ candidate < $0 }) ?? true { next = candidate }
      if nearest.map({ candidate < $0 }) ?? true { nearest = candidate }
    }
    if let found = next ?? nearest { setTarget(player, found.1) } else { say(player, .nothingThere) }
  }

  private mutating func consider(_ player: Int) {
    guard let target = players[player].target.flatMap({ slot(of: $0) }) else {
      say(player, .noTarget)
      return
    }
    let con = Con(level: entities[target].level, own: entities[players[player].slot].level)
    say(player, .considers(entities[target].name, level: entities[target].level, con))
  }

  private mutating func hail(_ player: Int) {
    guard let target = players[player].target.flatMap({ slot(of: $0) }) else {
      say(player, .noTarget)
      return
    }
    say(player, .hails(entities[target].name))
    if let type = entities[target].type, data.npcs[type].role != .monster, data.npcs[type].role != .pet {
      say(player, .greets(entities[target].name))
    }
  }

  /// A line of chat: a command when it begins with a slash, else something said.
  mutating func command(_ player: Int, _ line: String) {
    let slot = players[player].slot
    var words = line.split(separator: " ").map { $0.lowercased() }
    guard let first = words.first else { return }
    guard first.hasPrefix("/") else {
      speak(player, FixedText(line))
      return
    }
    let name = first.dropFirst()
    words.removeFirst()
    let rest = words.joined(separator: " ")
    if entities[slot].posture == .dead {
      if name == "release" || name == "respawn" { release(player) }
      return
    }
    switch name {
    case "target", "tar": target(player, named: rest)
    case "loot": lootCommand(player, words)
    case "open": open(player)
    case "sell": sell(player, words)
    case "buy": buy(player, words)
    case "mem", "memorize", "memorise": memorise(player, words, line)
    case "sit": sit(player)
    case "stand": stand(player)
    case "close": closeWindows(player)
    case "consider", "con": consider(player)
    case "hail": hail(player)
    case "cast":
      if let gem = words.first.flatMap({ Int($0) }), (1...8).contains(gem) {
        castGem(player, gem - 1)
      } else {
        say(player, .unknownCommand)
      }
    case "attack":
      players[player].isAutoAttacking = words.first != "off"
      say(player, .autoAttack(players[player].isAutoAttacking))
    case "pet": petWords(player, words)
    case "deposit": deposit(player, words)
    case "withdraw": withdraw(player, words)
    case "destroy": destroy(player, words)
    case "use", "eat", "drink": use(player, words)
    case "equip", "wear": equip(player, words)
    case "unequip": unequip(player, words)
    case "say", "s": speak(player, FixedText(rest))
    case "release", "camp", "who", "loc", "time", "played": break
    default: say(player, .unknownCommand)
    }
  }

  /// Everybody near enough hears it, the speaker too.
  private mutating func speak(_ player: Int, _ text: FixedText) {
    let body = players[player].slot
    for other in players.indices {
      let ear = players[other].slot
      guard entities[ear].zone == entities[body].zone,
        entities[ear].position.distance(to: entities[body].position) <= data.rules.targetRange
      else { continue }
      say(other, .says(entities[body].name, text))
    }
  }

  private mutating func petWords(_ player: Int, _ words: [String]) {
    switch words.first {
    case "attack": petCommand(player, .petAttack)
    case "back": petCommand(player, .petBack)
    case "follow": petCommand(player, .petFollow)
    case "guard": petCommand(player, .petGuard)
    case "leave": dismissPet(player)
    default: say(player, .unknownCommand)
    }
  }

  /// The nearest whose name begins with, else contains, `name`; `pet`, `self` and `corpse` are names too.
  private mutating func target(_ player: Int, named name: String) {
    let body = players[player].slot
    guard !name.isEmpty else {
      say(player, .noTarget)
      return
    }
    if name == "self" || name == "myself" {
      setTarget(player, body)
      return
    }
    if name == "pet" {
      if let pet = players[player].pet.flatMap({ slot(of: $0) }) {
        setTarget(player, pet)
      } else {
        say(player, .noPet)
      }
      return
    }
    if name == "corpse" {
      cycleCorpses(player)
      return
    }
    var best: (rank: Int, distance: Double, slot: Int)?
    for slot in entities.indices
    where entities[slot].isPresent && entities[slot].zone == entities[body].zone && slot != body {
      let distance = entities[slot].position.distance(to: entities[body].position)
      guard distance <= data.rules.targetRange else { continue }
      let other = entities[slot].name.description.lowercased()
      // The living before the dead.
      let isCorpse = entities[slot].kind == .corpse
      var rank = other == name ? 0 : other.hasPrefix(name) ? 2 : other.contains(name) ? 4 : 9
      guard rank < 9 else { continue }
      if isCorpse { rank += 1 }
      let candidate = (rank, distance, slot)
      if best.map({ candidate < ($0.rank, $0.distance, $0.slot) }) ?? true { best = (rank, distance, slot) }
    }
    if let best { setTarget(player, best.slot) } else { say(player, .nothingThere) }
  }

  /// `/mem GEM SPELL`: takes a while, and sitting.
  private mutating func memorise(_ player: Int, _ words: [String], _ line: String) {
    let slot = players[player].slot
    let name = words.dropFirst().joined(separator: " ")
    let kit = data.classes[players[player].kit].id
    guard let gem = words.first.flatMap({ Int($0) }), (1...8).contains(gem),
      let spell = data.spells.firstIndex(where: {
        $0.name.description.lowercased() == name || String($0.id.raw) == name
      }),
      let level = data.spells[spell].level(forClass: kit), level <= entities[slot].level
    else {
      say(player, .cannotMemorise)
      return
    }
    guard entities[slot].posture == .sitting else {
      say(player, .mustSit)
      return
    }
    players[player].gems[gem - 1].spell = nil
    players[player].memorising = MemoriseState(
      spell: spell, gem: gem - 1, endStep: stepIndex + Self.steps(data.rules.memoriseSeconds))
  }
}
