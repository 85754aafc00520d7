import Core

extension Loadout {
  /// The spells of every level of `kit`, found among `spells`: index is the level.
  static func table(for kit: Kit, spells: [Spell]) -> [Loadout] {
    (0...Kit.levelMax).map { level in
      guard let band = kit.bands.first(where: { $0.levels.contains(max(1, level)) }) else { return .none }
      let known = spells.filter { ($0.levels[kit.classID] ?? .max) <= max(1, level) }
      func resolve(_ wish: KitBand.GemWish) -> SpellID? {
        switch wish {
        case .empty: return nil
        case .spell(let id): return known.contains { $0.id == id } ? id : nil
        case .kind(let kind, let rank):
          let ranked = known.filter { $0.kind == kind }.sorted { left, right in
            let (a, b) = (left.levels[kit.classID] ?? 0, right.levels[kit.classID] ?? 0)
            return a == b ? left.id < right.id : a > b
          }
          return rank < ranked.count ? ranked[rank].id : nil
        }
      }
      let gems = band.gems.map(resolve)
      func gem(_ kind: SpellKind) -> SpellID? {
        gems.lazy.compactMap { $0 }.first { id in known.contains { $0.id == id && $0.kind == kind } }
      }
      return Loadout(
        strategy: band.strategy, gems: gems, pet: gem(.pet), feign: gem(.feign), gate: gem(.gate),
        buffs: band.buffs.compactMap(resolve).filter(gems.contains))
    }
  }
}
