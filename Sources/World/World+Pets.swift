import Core

// Pets: following, guarding, fighting for their masters.
extension World {
  /// Summons a pet of `type` beside its master.
  mutating func summon(_ player: Int, type: Int) {
    dismissPet(player)
    let master = players[player].slot
    let pet = players.count + player
    let zone = entities[master].zone
    let random = minds[pet].random
    minds[pet] = Mind()
    minds[pet].random = random
    appear(pet, kind: .pet, name: data.npcs[type].name, zone: zone)
    let levels = data.npcs[type].levels
    embody(pet, type: type, level: min(levels.upperBound, max(levels.lowerBound, entities[master].level - 1)))
    entities[pet].position = entities[master].position
    entities[pet].heading = entities[master].heading
    entities[pet].owner = entities[master].id
    players[player].pet = entities[pet].id
  }

  mutating func updatePet(_ pet: Int, of player: Int) {
    let seconds = 1 / Double(Self.stepsPerSecond)
    let master = players[player].slot
    guard !players[player].isLoading, entities[pet].zone == entities[master].zone, let type = entities[pet].type
    else {
      entities[pet].velocity = .origin
      return
    }
    if minds[pet].status.isMesmerised || isStunned(pet) {
      entities[pet].velocity = .origin
      return
    }
    if minds[pet].mood == .fighting {
      guard let enemy = mostHated(pet) else {
        calm(pet)
        return
      }
      entities[pet].target = entities[enemy].id
      players[player].combatUntil = stepIndex + 60
      close(pet, on: enemy, speed: data.npcs[type].runSpeed, seconds: seconds)
      swing(pet, at: enemy, type: type)
      return
    }
    if minds[pet].command == .guard {
      advance(pet, to: minds[pet].goal, speed: data.npcs[type].runSpeed, seconds: seconds, within: 3)
      return
    }
    let place = entities[master].position
    let distance = place.horizontalDistance(to: entities[pet].position)
    if distance > 350 {
      // Lost behind some wall: it finds its own way.
      entities[pet].position = place
      return
    }
    if distance > data.rules.petFollowDistance {
      let speed = min(data.npcs[type].runSpeed, distance * 2)
      advance(pet, to: place, speed: speed, seconds: seconds, within: data.rules.petFollowDistance * 0.8)
    } else {
      entities[pet].velocity = .origin
    }
  }

  mutating func petFights(_ pet: Int, _ enemy: Int) {
    addHate(pet, entities[enemy].id, 100)
    minds[pet].mood = .fighting
    minds[pet].nextSwing = max(minds[pet].nextSwing, stepIndex + 5)
    entities[pet].target = entities[enemy].id
  }

  func isPetFighting(_ pet: Int) -> Bool { minds[pet].mood == .fighting }

  private mutating func calm(_ pet: Int) {
    clearHate(pet)
    minds[pet].mood = .idle
    entities[pet].target = nil
  }

  mutating func petCommand(_ player: Int, _ key: ClientKey) {
    let pet = players.count + player
    guard entities[pet].isPresent else {
      say(player, .noPet)
      return
    }
    switch key {
    case .petAttack:
      guard let target = players[player].target.flatMap({ slot(of: $0) }), isFoe(target),
        entities[target].zone == entities[pet].zone,
        entities[target].position.horizontalDistance(to: entities[players[player].slot].position)
          <= data.rules.targetRange
      else {
        say(player, .petSays(.noTarget))
        return
      }
      clearHate(pet)
      petFights(pet, target)
      say(player, .petSays(.attacking))
    case .petBack:
      calm(pet)
      say(player, .petSays(.backing))
    case .petFollow:
      minds[pet].command = .follow
      say(player, .petSays(.following))
    case .petGuard:
      minds[pet].command = .guard
      minds[pet].goal = entities[pet].position
      say(player, .petSays(.guarding))
    default: break
    }
  }
}
