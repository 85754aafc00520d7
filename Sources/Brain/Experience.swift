import Core
import Learning
import Lore
import Perception
import WorldModel

/// What is under way and will teach something when it ends: the target that was chosen and why, the corpse that is
/// emptied, the window of the scorecard. Part of the brain's memory.
struct Experience: Sendable {
  /// A hunt from the choice of its target to its end.
  struct Hunt: Hashable, Sendable {
    var target: EntityID
    var points: SIMD16<Double>
    var started: Tick
    /// Range: `0...1`, within the level.
    var experience: Double
    var level: Int
  }

  var hunt: Hunt?
  /// Whose corpse is being emptied, and what we were worth before. Unit: copper.
  var purse: (species: FixedName, worth: Double)?
  /// How the enemy that was chosen is to be fought.
  var strategy: (target: EntityID, id: StrategyID)?
  var card = Scorecard()
  var cardStarted: Tick?
  var tuning = TunedParameters()
  var lessons = Lessons()
  /// Where enemies that we fight were first seen; newest last.
  private(set) var homes: [(id: EntityID, place: Position)] = []

  static let homeMax = 16

  init() { homes.reserveCapacity(Self.homeMax) }

  mutating func noteHome(_ track: Track) {
    if homes.contains(where: { $0.id == track.id }) { return }
    if homes.count == Self.homeMax { homes.removeFirst() }
    homes.append((track.id, track.firstPlace))
  }

  func home(of id: EntityID) -> Position? { homes.last { $0.id == id }?.place }
}

extension Situation {
  /// Money and goods. Unit: copper; nil when the bags are unknown.
  var worth: Double? {
    guard state.inventory.slotsTotal != nil || !state.inventory.items.isEmpty else { return nil }
    var sum = Double(state.player.money ?? 0)
    for stack in state.inventory.items {
      sum += Double((lore.item(stack.item)?.value ?? 0) * stack.count)
    }
    return sum
  }

  /// The strategies that the kit's spells allow, the usual one first.
  var strategies: [StrategyID] {
    var result = [loadout.strategy]
    func has(_ kind: SpellKind) -> Bool {
      loadout.gems.contains { $0.flatMap(lore.spell)?.kind == kind }
    }
    if loadout.pet != nil { result.append(.petTank) }
    if loadout.pet != nil, has(.dot) { result.append(.petAndDot) }
    if has(.nuke), loadout.pet == nil { result.append(.nuke) }
    if has(.heal), loadout.pet == nil { result.append(.heal) }
    return result.enumerated().filter { result.firstIndex(of: $1) == $0 }.map(\.element)
  }
}
