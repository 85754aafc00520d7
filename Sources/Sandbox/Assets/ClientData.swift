import Core
import World

/// What a client ships beside its pictures: spell, item and class lists, and what its maps show. Nothing that only a
/// server knows (damage, respawn times, aggro radii, loot) is in here.
enum ClientData {
  static func spells(_ data: WorldData) -> String {
    lines(data.spells.sorted { $0.id < $1.id }) { json, spell in
      json.member("id", Int(spell.id.raw))
      json.member("name", spell.name.description)
      json.member("kind", spell.kind.rawValue)
      json.member("target", spell.target.rawValue)
      json.member("mana", spell.mana)
      json.member("cast", spell.cast)
      json.member("recast", spell.recast)
      json.member("range", spell.range)
      json.member("duration", spell.duration * World.stepsPerServerTick / World.stepsPerSecond)
      if let reagent = spell.reagent { json.member("reagent", Int(reagent.raw)) }
      json.member(
        "levels",
        object: { levels in
          for (classID, level) in spell.levels { levels.member(String(classID), level) }
        })
    }
  }

  static func items(_ data: WorldData) -> String {
    lines(data.items.sorted { $0.id < $1.id }) { json, item in
      json.member("id", Int(item.id.raw))
      json.member("name", item.name.description)
      json.member("value", item.value)
      json.member("weight", item.weight)
      json.member("stack", item.stack)
      json.member("no_drop", item.isNoDrop)
      json.member("kind", item.kind.rawValue)
      if let effect = item.effect { json.member("effect", Int(data.spells[effect].id.raw)) }
    }
  }

  static func classes(_ data: WorldData) -> String {
    lines(data.classes) { json, kit in
      json.member("id", kit.id)
      json.member("name", kit.name)
    }
  }

  static func zone(_ zone: ZoneData, _ data: WorldData) -> String {
    var json = JSONText()
    json.object { json in
      json.member("id", Int(zone.id.raw))
      json.member("name", zone.name)
      json.member("title", zone.title.description)
      json.list("bounds") { bounds in
        for corner in [zone.mesh.low, zone.mesh.high] {
          bounds.array {
            $0.value(Double(corner.x))
            $0.value(Double(corner.y))
          }
        }
      }
      json.list("arrival") { point(&$0, zone.arrival) }
      if let bind = zone.bind { json.list("bind") { point(&$0, bind) } }
      json.list("lines") { lines in
        for line in zone.lines {
          lines.object { json in
            let middle = middle(of: line, in: zone)
            json.member("to", Int(data.zones[line.target].id.raw))
            json.list("at") { point(&$0, middle) }
            // Inside the box wherever one comes from.
            json.member("radius", Double(min(line.high.x - line.low.x, line.high.y - line.low.y)) / 2)
            json.list("arrive") { point(&$0, line.arrival) }
          }
        }
      }
      for (name, role) in [("vendors", NPCData.Role.merchant), ("bankers", .banker)] {
        json.list(name) { residents in
          for spawn in zone.spawns {
            guard let type = spawn.types.first, data.npcs[type.npc].role == role else { continue }
            residents.object { json in
              json.member("name", data.npcs[type.npc].name.description)
              json.list("at") { point(&$0, spawn.position) }
            }
          }
        }
      }
    }
    json.endLine()
    return json.text
  }

  private static func middle(of line: ZoneLine, in zone: ZoneData) -> Position {
    let (x, y) = (Double(line.low.x + line.high.x) / 2, Double(line.low.y + line.high.y) / 2)
    return Position(x, y, zone.ground(x: x, y: y, below: Double(line.high.z)) ?? Double(line.low.z))
  }

  private static func point(_ json: inout JSONText, _ position: Position) {
    for part in [position.x, position.y, position.z] { json.value((part * 16).rounded() / 16) }
  }

  /// A list with one object a line, so that changes show as changed lines.
  private static func lines<Element>(
    _ elements: [Element], _ write: (inout JSONText, Element) -> Void
  ) -> String {
    let texts = elements.map { element in
      var json = JSONText()
      json.object { write(&$0, element) }
      return json.text
    }
    return "[\n  " + texts.joined(separator: ",\n  ") + "\n]\n"
  }
}

extension JSONText {
  fileprivate mutating func list(_ name: String, _ elements: (inout JSONText) -> Void) {
    member(name, array: elements)
  }
}
