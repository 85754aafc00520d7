import Core

// What NPCs do: stand about, roam, notice, fight, flee, go home.
extension World {
  mutating func updateNPC(_ slot: Int) {
    let seconds = min(2, Double(stepIndex - minds[slot].lastStep) / Double(Self.stepsPerSecond))
    minds[slot].lastStep = stepIndex
    wake[slot] = stepIndex + 1
    let status = minds[slot].status
    if status.isMesmerised || isStunned(slot) {
      rest(slot)
      return
    }
    if minds[slot].castEnd > 0 {
      continueCast(slot)
      return
    }
    if status.isFeared {
      runFrom(slot, seconds)
      return
    }
    switch minds[slot].mood {
    case .idle: idle(slot)
    case .roaming: roam(slot, seconds)
    case .fighting: fight(slot, seconds)
    case .fleeing: flee(slot, seconds)
    case .returning: comeHome(slot, seconds)
    }
  }

  private mutating func rest(_ slot: Int) {
    entities[slot].velocity = .origin
  }

  /// Square of the distance to the nearest player in the zone; infinite without one.
  private func playerDistance(_ slot: Int) -> Double {
    var best = Double.infinity
    let zone = entities[slot].zone
    let place = entities[slot].position
    for player in players.indices where entities[players[player].slot].zone == zone {
      let way = entities[players[player].slot].position - place
      best = min(best, way.x * way.x + way.y * way.y)
    }
    return best
  }

  private var thinkSteps: Int { max(1, Self.steps(data.rules.thinkSeconds)) }

  private mutating func idle(_ slot: Int) {
    rest(slot)
    guard let type = entities[slot].type else { return }
    let isFar = playerDistance(slot) > data.rules.farDistance * data.rules.farDistance
    wake[slot] = stepIndex + (isFar ? 3 * thinkSteps : thinkSteps)
    if !isFar, notice(slot, type) { return }
    guard stepIndex >= minds[slot].until else { return }
    let zone = entities[slot].zone
    let spawn = minds[slot].spawn
    let patrolCount = data.zones[zone].spawns[spawn].patrol.count
    let radius = data.zones[zone].spawns[spawn].roamRadius
    if patrolCount > 0 {
      minds[slot].patrolIndex = (minds[slot].patrolIndex + 1) % patrolCount
      minds[slot].goal = data.zones[zone].spawns[spawn].patrol[minds[slot].patrolIndex]
    } else if radius > 0 {
      let turn = Heading(minds[slot].random.unit() * 512)
      let distance = radius * minds[slot].random.unit().squareRoot()
      minds[slot].goal = data.zones[zone].spawns[spawn].position.moved(distance, along: turn)
    } else {
      minds[slot].until = .max
      return
    }
    let length = minds[slot].goal.horizontalDistance(to: entities[slot].position)
    minds[slot].mood = .roaming
    minds[slot].until = stepIndex + Self.steps(3 + 1.5 * length / max(1, data.npcs[type].walkSpeed))
  }

  private mutating func roam(_ slot: Int, _ seconds: Double) {
    guard let type = entities[slot].type else { return }
    let distance = playerDistance(slot)
    let isFar = distance > data.rules.farDistance * data.rules.farDistance
    // Nobody sees a far walk closely: longer strides, less often.
    wake[slot] = stepIndex + (isFar ? 15 : 2)
    let isThere = advance(slot, to: minds[slot].goal, speed: data.npcs[type].walkSpeed, seconds: seconds, within: 1)
    if isThere || stepIndex >= minds[slot].until {
      minds[slot].mood = .idle
      minds[slot].until = stepIndex + minds[slot].random.integer(150...900)
      rest(slot)
    }
    if !isFar, stepIndex >= minds[slot].nextThink {
      minds[slot].nextThink = stepIndex + thinkSteps
      _ = notice(slot, type)
    }
  }

  /// Looks for somebody to attack; true when a fight began.
  private mutating func notice(_ slot: Int, _ type: Int) -> Bool {
    let radius = data.npcs[type].aggroRadius
    guard radius > 0 else { return false }
    let isGuard = data.npcs[type].role == .guardian
    if isGuard, guardTown(slot, radius) { return true }
    let zone = entities[slot].zone
    let place = entities[slot].position
    for player in players.indices where !players[player].isLoading {
      let body = players[player].slot
      guard entities[body].zone == zone, entities[body].posture != .dead else { continue }
      if entities[body].posture == .feigned { continue }
      let difference = entities[slot].level - entities[body].level
      if isGuard, !isHostile(type, to: player) { continue }
      if data.rules.grayNoAggro, Con(level: entities[slot].level, own: entities[body].level) == .gray { continue }
      let reach = radius * min(1.6, max(0.4, 1 + Double(difference) * data.rules.aggroPerLevel))
      let way = entities[body].position - place
      guard way.x * way.x + way.y * way.y < reach * reach, abs(way.z) < data.rules.aggroHeight,
        canSee(slot, body)
      else { continue }
      addHate(slot, entities[body].id, 1)
      startFight(slot, with: body)
      return true
    }
    return false
  }

  /// True when the kin of `type` has had enough of the player.
  func isHostile(_ type: Int, to player: Int) -> Bool {
    let kin = data.npcs[type].kin
    return kin >= 0 && players[player].standing[kin] < data.rules.standingHostile
  }

  /// Guards help whoever is attacked near them.
  private mutating func guardTown(_ slot: Int, _ radius: Double) -> Bool {
    let zone = entities[slot].zone
    for other in npcSlots[zone] where other != slot && entities[other].isPresent && minds[other].mood == .fighting {
      guard let type = entities[other].type, data.npcs[type].role == .monster,
        entities[other].position.horizontalDistance(to: entities[slot].position) < radius
      else { continue }
      addHate(slot, entities[other].id, 10)
      startFight(slot, with: other)
      return true
    }
    return false
  }

  func canSee(_ slot: Int, _ other: Int) -> Bool {
    let zone = entities[slot].zone
    guard entities[other].zone == zone else { return false }
    var (eye, mark) = (entities[slot].position, entities[other].position)
    eye.z += entities[slot].height * 0.85
    mark.z += entities[other].height * 0.7
    return data.zones[zone].collision.isClear(from: eye, to: mark)
  }

  /// Begins to fight, and calls its kin.
  mutating func startFight(_ slot: Int, with enemy: Int) {
    if minds[slot].mood == .fighting { return }
    minds[slot].mood = .fighting
    minds[slot].nextSwing = max(minds[slot].nextSwing, stepIndex + 10)
    minds[slot].nextSpell = stepIndex + 30
    minds[slot].lastStep = stepIndex
    wake[slot] = stepIndex + 1
    entities[slot].target = entities[enemy].id
    callKin(slot, against: entities[enemy].id)
  }

  private mutating func callKin(_ slot: Int, against enemy: EntityID) {
    guard let type = entities[slot].type, data.npcs[type].kin >= 0 else { return }
    let (kin, zone, place) = (data.npcs[type].kin, entities[slot].zone, entities[slot].position)
    for other in npcSlots[zone] where other != slot && entities[other].isPresent {
      guard let otherType = entities[other].type, data.npcs[otherType].kin == kin else { continue }
      let radius = data.npcs[otherType].assistRadius
      guard radius > 0, minds[other].mood == .idle || minds[other].mood == .roaming,
        !minds[other].status.isMesmerised
      else { continue }
      let way = entities[other].position - place
      guard way.x * way.x + way.y * way.y < radius * radius, abs(way.z) < data.rules.aggroHeight else { continue }
      addHate(other, enemy, 1)
      minds[other].mood = .fighting
      minds[other].lastStep = stepIndex
      minds[other].nextSwing = stepIndex + 15
      minds[other].nextSpell = stepIndex + 45
      wake[other] = stepIndex + 1
      entities[other].target = enemy
    }
  }

  private mutating func fight(_ slot: Int, _ seconds: Double) {
    guard let type = entities[slot].type else { return }
    guard let enemy = mostHated(slot) else {
      goHome(slot)
      return
    }
    entities[slot].target = entities[enemy].id
    if let player = player(behind: enemy) { players[player].combatUntil = stepIndex + 60 }
    let home = data.zones[entities[slot].zone].spawns[minds[slot].spawn].position
    if home.horizontalDistance(to: entities[slot].position) > data.npcs[type].leash {
      clearHate(slot)
      goHome(slot)
      return
    }
    if data.npcs[type].fleeBelow > 0, !minds[slot].hasFled, !minds[slot].status.isRooted,
      entities[slot].healthFraction < data.npcs[type].fleeBelow
    {
      minds[slot].hasFled = true
      minds[slot].mood = .fleeing
      minds[slot].until = stepIndex + Self.steps(8)
      if let player = player(behind: enemy) { say(player, .flees(entities[slot].name)) }
      return
    }
    if let spell = data.npcs[type].spell, stepIndex >= minds[slot].nextSpell, beginCast(slot, spell, enemy) { return }
    close(slot, on: enemy, speed: data.npcs[type].runSpeed, seconds: seconds)
    swing(slot, at: enemy, type: type)
  }

  /// Walks up to an enemy and faces it.
  mutating func close(_ slot: Int, on enemy: Int, speed: Double, seconds: Double) {
    let reach = data.rules.meleeRange * 0.55
    let place = entities[enemy].position
    if entities[slot].position.horizontalDistance(to: place) > reach {
      _ = advance(slot, to: place, speed: speed, seconds: seconds, within: reach * 0.9)
    } else {
      entities[slot].velocity = .origin
      entities[slot].heading = entities[slot].position.heading(to: place)
    }
  }

  /// One blow of an NPC or pet, when it is due and in range.
  mutating func swing(_ slot: Int, at enemy: Int, type: Int) {
    guard stepIndex >= minds[slot].nextSwing else { return }
    let way = entities[enemy].position - entities[slot].position
    guard way.horizontalLength <= data.rules.meleeRange, abs(way.z) < data.rules.meleeRange + 4 else { return }
    minds[slot].nextSwing = stepIndex + Self.steps(data.npcs[type].meleeDelay)
    let most = data.npcs[type].damageMax + data.npcs[type].damagePerLevel * Double(entities[slot].level)
    strike(
      slot, enemy, hit: data.npcs[type].hitChance,
      damage: data.npcs[type].damageMin...max(data.npcs[type].damageMin, most),
      stun: (data.npcs[type].stunChance, data.npcs[type].stunSeconds))
  }

  /// Walks towards `goal`; true when it is within `near` of it.
  @discardableResult
  mutating func advance(
    _ slot: Int, to goal: Position, speed: Double, seconds: Double, within near: Double, isFleeing: Bool = false
  ) -> Bool {
    let start = entities[slot].position
    let (dx, dy) = (goal.x - start.x, goal.y - start.y)
    let distance = (dx * dx + dy * dy).squareRoot()
    if distance <= near {
      entities[slot].velocity = .origin
      return true
    }
    guard !minds[slot].status.isRooted, seconds > 0 else {
      entities[slot].velocity = .origin
      return false
    }
    entities[slot].heading = Heading(alongX: dx, y: dy)
    let pace = min(distance - near * 0.9, speed * minds[slot].status.speedFactor * seconds)
    guard pace > 0 else { return true }
    goAround(
      slot, dx / distance * pace, dy / distance * pace, to: goal, distance: distance, isFleeing: isFleeing)
    let moved = entities[slot].position - start
    entities[slot].velocity = moved * (1 / seconds)
    return distance - moved.horizontalLength <= near
  }

  private mutating func runFrom(_ slot: Int, _ seconds: Double) {
    guard let type = entities[slot].type else { return }
    if stepIndex >= minds[slot].nextThink {
      minds[slot].nextThink = stepIndex + 60
      var heading = Heading(minds[slot].random.unit() * 512)
      if let enemy = entities[slot].target.flatMap({ self.slot(of: $0) }) {
        heading =
          entities[enemy].position.heading(to: entities[slot].position)
          + minds[slot].random.uniform(-60...60)
      }
      minds[slot].goal = entities[slot].position.moved(200, along: heading)
    }
    entities[slot].posture = .fleeing
    advance(slot, to: minds[slot].goal, speed: data.npcs[type].runSpeed * 0.8, seconds: seconds, within: 2)
  }

  private mutating func flee(_ slot: Int, _ seconds: Double) {
    guard let type = entities[slot].type else { return }
    entities[slot].posture = .fleeing
    guard stepIndex < minds[slot].until, let enemy = mostHated(slot) else {
      entities[slot].posture = .standing
      minds[slot].mood = .fighting
      if let enemy = mostHated(slot) { callKin(slot, against: entities[enemy].id) }
      return
    }
    let away = entities[enemy].position.heading(to: entities[slot].position)
    // The hurt limp.
    advance(
      slot, to: entities[slot].position.moved(60, along: away), speed: data.npcs[type].runSpeed * 0.65,
      seconds: seconds, within: 2, isFleeing: true)
  }

  private mutating func goHome(_ slot: Int) {
    minds[slot].mood = .returning
    minds[slot].until = stepIndex + Self.steps(60)
    minds[slot].claimant = -1
    minds[slot].claimedDamage = 0
    minds[slot].otherDamage = 0
    minds[slot].hasFled = false
    entities[slot].target = nil
    entities[slot].posture = .standing
  }

  private mutating func comeHome(_ slot: Int, _ seconds: Double) {
    guard let type = entities[slot].type else { return }
    let zone = entities[slot].zone
    let home = data.zones[zone].spawns[minds[slot].spawn].position
    let isHome = advance(slot, to: home, speed: data.npcs[type].runSpeed * 0.8, seconds: seconds, within: 2)
    guard isHome || stepIndex >= minds[slot].until else { return }
    if !isHome { entities[slot].position = home }
    entities[slot].heading = data.zones[zone].spawns[minds[slot].spawn].heading
    rest(slot)
    minds[slot].mood = .idle
    minds[slot].until = stepIndex + minds[slot].random.integer(90...600)
  }
}
