import Core

// A world with one NPC in it, for fights that nobody else has a part in.
extension WorldData {
  /// The first place where an NPC of the type `key` comes into the world; nil where none does. Those that walk about
  /// least come first.
  public func home(ofType key: String) -> (zone: Int, spawn: Int)? {
    guard let type = npcs.firstIndex(where: { $0.key == key }) else { return nil }
    var best: (zone: Int, spawn: Int, roam: Double)?
    for zone in zones.indices {
      for (spawn, point) in zones[zone].spawns.enumerated()
      where point.patrol.isEmpty && point.types.contains(where: { $0.npc == type }) {
        if point.roamRadius < best?.roam ?? .infinity { best = (zone, spawn, point.roamRadius) }
      }
    }
    return best.map { ($0.zone, $0.spawn) }
  }
}

extension World {
  /// Takes every NPC out of the world for good but one of the type `key`, at its home (`WorldData.home`).
  /// - Parameter level: Nil draws it from the type's own levels.
  /// - Returns: Who is left; nil when there is no such type with a home.
  public mutating func leaveOnly(_ key: String, level: Int?) -> EntityID? {
    guard let home = data.home(ofType: key), let type = data.npcs.firstIndex(where: { $0.key == key }) else {
      return nil
    }
    let kept = npcSlots[home.zone].lowerBound + home.spawn
    for slot in firstNPCSlot..<entities.count {
      minds[slot].respawnStep = .max
      if slot != kept { vanish(slot) }
    }
    spawnNPC(kept)
    entities[kept].name = data.npcs[type].name
    embody(kept, type: type, level: level ?? minds[kept].random.integer(data.npcs[type].levels))
    minds[kept].respawnStep = .max
    return entities[kept].id
  }
}
