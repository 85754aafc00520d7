import Core
import Lore

/// When a merchant is worth the way, and which one.
enum Trade {
  /// Bags nearly full, or a reagent running out while there is money for more.
  static func isNeeded(_ situation: Situation) -> Bool {
    if let free = situation.state.inventory.slotsFree, free <= 1 { return hasWares(situation) }
    guard let pet = situation.loadout.pet, let reagent = situation.lore.spell(pet)?.reagent,
      let count = situation.count(reagent), let item = situation.lore.item(reagent)
    else { return false }
    let price = max(1, item.value * 2)
    return count == 0 && (situation.state.player.money ?? 0) >= price
  }

  /// Something in the bags is for sale.
  static func hasWares(_ situation: Situation) -> Bool {
    situation.state.inventory.items.contains { stack in
      situation.lore.policy(for: stack.item) == .sell
        && !(situation.lore.item(stack.item)?.isNoDrop ?? true)
    }
  }

  /// The nearest merchant of this zone, or the first of the nearest zone that has one.
  static func errand(_ situation: Situation, from zone: ZoneID) -> Errand? {
    let place = situation.position ?? .origin
    if let here = situation.lore.zone(zone),
      let vendor = here.vendors.min(by: {
        $0.at.horizontalDistance(to: place) < $1.at.horizontalDistance(to: place)
      })
    {
      return Errand(zone: zone, at: vendor.at, since: situation.tick)
    }
    for other in situation.lore.zones where situation.lore.line(from: zone, to: other.id) != nil {
      if let vendor = other.vendors.first {
        return Errand(zone: other.id, at: vendor.at, since: situation.tick)
      }
    }
    return nil
  }
}
