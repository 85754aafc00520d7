import Core

// Where bodies go: held keys, the ground under the feet, walls, water, falling.
extension World {
  /// Carries out a player's inputs at their times, moving exactly as long as keys are down between them.
  mutating func drive(_ player: Int, _ inputs: [PlayerInput]) {
    let slot = players[player].slot
    let before = entities[slot].position
    let zone = entities[slot].zone
    if players[player].isLoading {
      players[player].loadingSteps -= 1
      if !players[player].isLoading { say(player, .entering(data.zones[zone].title)) }
      for input in inputs where input.player == player {
        if case .key(let key, let isDown) = input.event { note(player, key, isDown) }
      }
      entities[slot].velocity = .origin
      return
    }
    var time = 0
    for input in inputs where input.player == player {
      let at = min(Self.stepMicroseconds, max(time, input.microsecond))
      move(player, seconds: Double(at - time) * 1e-6)
      time = at
      switch input.event {
      case .key(let key, let isDown):
        note(player, key, isDown)
        if isDown, !key.isHeld { press(player, key) }
      case .text(let text): command(player, text.description)
      }
    }
    move(player, seconds: Double(Self.stepMicroseconds - time) * 1e-6)
    guard entities[slot].zone == zone, !players[player].isLoading else { return }
    fall(player)
    let way = entities[slot].position - before
    entities[slot].velocity = way * Double(Self.stepsPerSecond)
    crossZoneLine(player)
  }

  private mutating func note(_ player: Int, _ key: ClientKey, _ isDown: Bool) {
    guard key.isHeld else { return }
    let bit = UInt8(1) << key.rawValue
    if isDown { players[player].held |= bit } else { players[player].held &= ~bit }
    if isDown, key == .forward || key == .back { players[player].isAutorunning = false }
  }

  private func isHeld(_ player: Int, _ key: ClientKey) -> Bool { players[player].held >> key.rawValue & 1 == 1 }

  private mutating func move(_ player: Int, seconds: Double) {
    guard seconds > 0, players[player].held != 0 || players[player].isAutorunning else { return }
    let slot = players[player].slot
    guard entities[slot].posture != .dead, !minds[slot].status.isMesmerised, !isStunned(slot),
      !players[player].isLoading
    else { return }
    func sign(_ plus: Bool, _ minus: Bool) -> Double { (plus ? 1 : 0) - (minus ? 1 : 0) }
    let turn = sign(isHeld(player, .turnRight), isHeld(player, .turnLeft))
    if turn != 0 { entities[slot].heading = entities[slot].heading + turn * data.rules.turnRate * seconds }
    let ahead = sign(isHeld(player, .forward) || players[player].isAutorunning, isHeld(player, .back))
    let aside = sign(isHeld(player, .strafeRight), isHeld(player, .strafeLeft))
    guard ahead != 0 || aside != 0 else { return }
    if entities[slot].posture == .sitting || entities[slot].posture == .feigned { stand(player) }
    guard !minds[slot].status.isRooted else { return }
    var speed = speedFactor(player)
    if entities[slot].posture == .swimming { speed *= data.rules.swimFactor }
    let direction = entities[slot].heading.direction
    var along = ahead * (ahead > 0 ? data.rules.runSpeed : data.rules.backSpeed)
    var across = aside * data.rules.strafeSpeed
    // Running slantwise is no faster than running ahead.
    let length = (along * along + across * across).squareRoot()
    let most = max(abs(along), abs(across))
    if length > most, length > 0 { (along, across) = (along * most / length, across * most / length) }
    let (x, y) = (
      (direction.x * along + direction.y * across) * speed * seconds,
      (direction.y * along - direction.x * across) * speed * seconds
    )
    let distance = (x * x + y * y).squareRoot()
    let pieces = max(1, Int((distance / data.rules.bodyRadius).rounded(.up)))
    for _ in 0..<min(pieces, 8) {
      walk(slot, x / Double(pieces), y / Double(pieces), isAirborne: players[player].isAirborne)
    }
  }

  /// Part of the running speed that weight and spells leave.
  func speedFactor(_ player: Int) -> Double {
    let burden = players[player].weight > players[player].weightMax ? data.rules.encumberedFactor : 1
    return minds[players[player].slot].status.speedFactor * burden
  }

  /// Moves a body along the ground by (dx, dy): slides along walls and slopes that are too steep.
  /// - Returns: False when it could not move at all.
  @discardableResult
  mutating func walk(_ slot: Int, _ dx: Double, _ dy: Double, isAirborne: Bool = false) -> Bool {
    let zone = entities[slot].zone
    let collision = data.zones[zone].collision
    let start = entities[slot].position
    let carries = data.rules.carries
    var (wayX, wayY) = (dx, dy)
    for _ in 0..<2 {
      var (x, y) = collision.pushedOut(
        start.x + wayX, start.y + wayY, radius: data.rules.bodyRadius, low: start.z + data.rules.stepHeight,
        high: start.z + data.rules.bodyHeight, carries: carries)
      (x, y) = heldByDoors(slot, zone, x, y, start)
      let margin = data.rules.bodyRadius + 1
      x = min(collision.highX - margin, max(collision.originX + margin, x))
      y = min(collision.highY - margin, max(collision.originY + margin, y))
      let step = data.rules.stepHeight + (abs(wayX) + abs(wayY))
      guard let ground = collision.ground(x, y, below: start.z + step) else { return false }
      if ground.z > start.z + 0.01, ground.up < carries, !isAirborne {
        // Too steep: what is left of the way runs along the slope.
        let steepness = ground.slopeX * ground.slopeX + ground.slopeY * ground.slopeY
        guard steepness > 0 else { return false }
        let climb = (wayX * ground.slopeX + wayY * ground.slopeY) / steepness
        (wayX, wayY) = (wayX - ground.slopeX * climb, wayY - ground.slopeY * climb)
        continue
      }
      var z = start.z
      // NPCs and pets drop at once and unhurt; players fall (`fall`).
      if slot >= players.count || (!isAirborne && ground.z >= start.z - data.rules.stepHeight) { z = ground.z }
      if ground.z > z { z = ground.z }
      if let surface = waterSurface(zone, x, y, z), surface - ground.z > data.rules.swimDepth {
        z = max(z, surface - data.rules.swimDepth)
      }
      let moved = Position(x, y, z)
      entities[slot].position = moved
      return moved.horizontalDistance(to: start) > 0.2 * (dx * dx + dy * dy).squareRoot()
    }
    return false
  }

  /// Height of the water over the feet at `z`; nil where it is dry.
  func waterSurface(_ zone: Int, _ x: Double, _ y: Double, _ z: Double) -> Double? {
    for index in data.zones[zone].mesh.liquids.indices {
      let liquid = data.zones[zone].mesh.liquids[index]
      if liquid.liquid == .water, liquid.contains(x, y, z) { return Double(liquid.high.z) }
    }
    return nil
  }

  private func isInLava(_ slot: Int) -> Bool {
    let place = entities[slot].position
    for liquid in data.zones[entities[slot].zone].mesh.liquids
    where liquid.liquid == .lava && liquid.contains(place.x, place.y, place.z) { return true }
    return false
  }

  /// Closed doors stop a body like a short wall across them.
  private func heldByDoors(
    _ slot: Int, _ zone: Int, _ x: Double, _ y: Double, _ start: Position
  ) -> (x: Double, y: Double) {
    var (x, y) = (x, y)
    for index in doorsOpen[zone].indices where !doorsOpen[zone][index] {
      let door = data.zones[zone].doors[index]
      guard abs(door.position.z - start.z) < 8 else { continue }
      let facing = door.heading.direction
      // Off the leaf along its facing, and along the leaf.
      let off = (x - door.position.x) * facing.x + (y - door.position.y) * facing.y
      let along = (x - door.position.x) * facing.y - (y - door.position.y) * facing.x
      let thickness = data.rules.bodyRadius + 0.5
      guard abs(along) < door.halfWidth + 0.5, abs(off) < thickness else { continue }
      let offStart = (start.x - door.position.x) * facing.x + (start.y - door.position.y) * facing.y
      let side = offStart >= 0 ? 1.0 : -1.0
      x += facing.x * (side * thickness - off)
      y += facing.y * (side * thickness - off)
    }
    return (x, y)
  }

  /// Gravity, landing, swimming and burning of a player's body, once per step.
  private mutating func fall(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture != .dead || players[player].isAirborne else { return }
    let zone = entities[slot].zone
    var place = entities[slot].position
    let second = 1 / Double(Self.stepsPerSecond)
    let ground = data.zones[zone].collision.ground(place.x, place.y, below: place.z + 0.6)?.z ?? place.z
    if let surface = waterSurface(zone, place.x, place.y, place.z), surface - ground > data.rules.swimDepth {
      players[player].isAirborne = false
      players[player].verticalSpeed = 0
      place.z = max(ground, min(surface - data.rules.swimDepth, place.z + 20 * second))
      entities[slot].position = place
      if entities[slot].posture != .dead {
        if entities[slot].posture != .swimming { interruptCast(player) }
        entities[slot].posture = .swimming
      }
      return
    }
    if entities[slot].posture == .swimming { entities[slot].posture = .standing }
    if !players[player].isAirborne, place.z - ground > data.rules.stepHeight {
      players[player].isAirborne = true
      players[player].fallStart = place.z
      players[player].verticalSpeed = 0
    }
    if players[player].isAirborne {
      place.z += players[player].verticalSpeed * second
      players[player].verticalSpeed -= data.rules.gravity * second
      players[player].fallStart = max(players[player].fallStart, place.z)
      if place.z <= ground, players[player].verticalSpeed <= 0 {
        place.z = ground
        land(player, at: place)
      }
      entities[slot].position = place
    } else {
      entities[slot].position.z = max(ground, place.z - 60 * second)
    }
    if isInLava(slot), stepIndex >= players[player].lavaStep, entities[slot].posture != .dead {
      players[player].lavaStep = stepIndex + Self.stepsPerSecond
      say(player, .lava(data.rules.lavaDamage))
      hurt(slot, data.rules.lavaDamage, by: nil)
    }
  }

  private mutating func land(_ player: Int, at place: Position) {
    let slot = players[player].slot
    let depth = players[player].fallStart - place.z
    players[player].isAirborne = false
    players[player].verticalSpeed = 0
    guard depth > data.rules.fallSafe, entities[slot].posture != .dead else { return }
    let damage = max(1, Int((depth - data.rules.fallSafe) * data.rules.fallDamage))
    say(player, .fell(damage))
    hurt(slot, damage, by: nil)
  }

  mutating func jump(_ player: Int) {
    let slot = players[player].slot
    guard !players[player].isAirborne, entities[slot].posture == .standing, !minds[slot].status.isRooted else {
      return
    }
    players[player].isAirborne = true
    players[player].verticalSpeed = data.rules.jumpSpeed
    players[player].fallStart = entities[slot].position.z
  }

  private mutating func crossZoneLine(_ player: Int) {
    let slot = players[player].slot
    guard entities[slot].posture != .dead else { return }
    let place = entities[slot].position
    let zone = entities[slot].zone
    for index in data.zones[zone].lines.indices {
      let line = data.zones[zone].lines[index]
      guard place.x >= Double(line.low.x), place.x <= Double(line.high.x), place.y >= Double(line.low.y),
        place.y <= Double(line.high.y), place.z >= Double(line.low.z), place.z <= Double(line.high.z)
      else { continue }
      enter(player, zone: line.target, at: line.arrival, heading: line.arrivalHeading)
      return
    }
  }

  /// Takes a player to another place, through a loading state; the pet comes along.
  mutating func enter(_ player: Int, zone: Int, at place: Position, heading: Heading) {
    let slot = players[player].slot
    forget(entities[slot].id, zone: entities[slot].zone)
    closeWindows(player)
    players[player].target = nil
    players[player].casting = nil
    players[player].memorising = nil
    players[player].isAutoAttacking = false
    players[player].isAutorunning = false
    players[player].isAirborne = false
    players[player].loadingSteps = max(1, Self.steps(data.rules.loadingSeconds))
    if entities[slot].posture != .standing { entities[slot].posture = .standing }
    entities[slot].zone = zone
    entities[slot].position = place
    entities[slot].heading = heading
    entities[slot].velocity = .origin
    let pet = players.count + player
    if entities[pet].isPresent {
      forget(entities[pet].id, zone: entities[pet].zone)
      clearHate(pet)
      minds[pet].mood = .idle
      entities[pet].zone = zone
      entities[pet].position = place
      entities[pet].target = nil
    }
  }
}
