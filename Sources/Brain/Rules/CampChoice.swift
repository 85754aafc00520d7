import Core
import Lore

/// Which camp to hunt at: the operator's, or the nearest that suits the level.
enum CampChoice {
  /// Range of the rows: those of `lore.camps`; nil when there is none.
  static func choose(_ lore: Lore, level: Int, zone: ZoneID?, place: Position?) -> Int? {
    if let name = lore.policy.camp, let row = lore.camps.firstIndex(where: { $0.name == name }) {
      return row
    }
    var best: (row: Int, cost: Double)?
    for (row, camp) in lore.camps.enumerated() {
      let below = max(0, camp.levels.lowerBound - level)
      let above = max(0, level - camp.levels.upperBound)
      var cost = 5000 * Double(below + above)
      if let zone, camp.zone != zone {
        guard lore.line(from: zone, to: camp.zone) != nil else { continue }
        cost += 3000
      } else if let place {
        cost += place.horizontalDistance(to: camp.center)
      }
      if cost < best?.cost ?? .infinity { best = (row, cost) }
    }
    return best?.row
  }
}
