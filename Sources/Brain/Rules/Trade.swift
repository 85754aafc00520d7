import Core
import Lore

/// When a merchant is worth the way, and which one.
enum Trade {
  /// Each zone line on the way asks for this many times the value more: a way within the zone is a minute to and fro,
  /// one over a line some six, through a country that we did not choose.
  static let lineFactor = 5

  /// The wares are worth the way to `errand`.
  static func isWorthIt(_ errand: Errand, _ situation: Situation, from zone: ZoneID) -> Bool {
    let lines = situation.lore.lineCount(from: zone, to: errand.zone) ?? 0
    let (least, isTooMuch) = situation.lore.policy.tradeValue.multipliedReportingOverflow(by: 1 + lineFactor * lines)
    return !isTooMuch && waresValue(situation) >= least
  }

  /// There is something to sell that is worth a way within the zone.
  static func isWished(_ situation: Situation) -> Bool {
    waresValue(situation) >= situation.lore.policy.tradeValue && hasWares(situation)
  }

  /// Bags nearly full or heavy, or a reagent running out while there is money for more.
  static func isNeeded(_ situation: Situation) -> Bool {
    if let free = situation.state.inventory.slotsFree, free <= 1 { return hasWares(situation) }
    if isHeavy(situation) { return hasWares(situation) }
    guard let pet = situation.loadout.pet, let reagent = situation.lore.spell(pet)?.reagent,
      let count = situation.count(reagent), let item = situation.lore.item(reagent)
    else { return false }
    let price = max(1, item.value * 3)
    return count == 0 && (situation.state.player.money ?? 0) >= price
  }

  /// The weight of the bags is about to slow us down.
  private static func isHeavy(_ situation: Situation) -> Bool {
    guard let weight = situation.state.player.weight, let most = situation.state.player.weightMax, most > 0 else {
      return false
    }
    return weight * 20 > most * 19
  }

  /// What the bags hold for sale. Unit: copper.
  private static func waresValue(_ situation: Situation) -> Int {
    var value = 0
    for stack in situation.state.inventory.items where situation.lore.policy(for: stack.item) == .sell {
      guard let item = situation.lore.item(stack.item), !item.isNoDrop else { continue }
      value += item.value * stack.count
    }
    return value
  }

  /// Stacks for the bank make the way to a zone that has one worth it.
  private static let bankStacks = 2

  private static func wantsBank(_ situation: Situation) -> Bool {
    var stacks = 0
    for stack in situation.state.inventory.items where situation.lore.policy(for: stack.item) == .bank { stacks += 1 }
    return stacks >= bankStacks
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
    if wantsBank(situation), let errand = nearest(situation, from: zone, where: { !$0.bankers.isEmpty }) {
      return errand
    }
    if let here = situation.lore.zone(zone),
      let vendor = here.vendors.min(by: {
        $0.at.horizontalDistance(to: place) < $1.at.horizontalDistance(to: place)
      })
    {
      return Errand(zone: zone, at: vendor.at, since: situation.tick)
    }
    return nearest(situation, from: zone) { _ in true }
  }

  /// The zone with a merchant and what else is wished, over the fewest lines.
  private static func nearest(
    _ situation: Situation, from zone: ZoneID, where isWished: (Zone) -> Bool
  ) -> Errand? {
    var best: (errand: Errand, lines: Int)?
    for other in situation.lore.zones {
      guard let vendor = other.vendors.first, isWished(other),
        let lines = situation.lore.lineCount(from: zone, to: other.id), lines < best?.lines ?? .max
      else { continue }
      best = (Errand(zone: other.id, at: vendor.at, since: situation.tick), lines)
    }
    return best?.errand
  }
}
