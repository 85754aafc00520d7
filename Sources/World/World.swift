import Core

// World: the sandbox's rules, a deterministic closed-loop simulation.
//
//     let data = try WorldData.load(directory: "Data/worlds/sandbox")
//     var world = try World(data: data, seed: 1, players: [PlayerSetup(name: "Ada")])
//     world.step([PlayerInput(player: 0, microsecond: 5_000, .key(.forward, isDown: true))])
//
// A world is a value: no globals, no clock, no files while stepping; it can be copied in the middle of a fight.
// Seed and inputs decide everything that happens; the shape of the zones is data. Bodies collide with the zone's
// triangle mesh. Absent on purpose: windows, asset files, memory layouts, anything of an agent.

/// The state of all zones and everybody in them, advanced in steps of 1/30 s.
public struct World: Sendable {
  public static let stepsPerSecond = 30
  /// Length of a step. Unit: microseconds; input times within a step are below it.
  public static let stepMicroseconds = 33_333
  /// Steps per server tick of 6 s, in which regeneration, damage over time and buffs count.
  public static let stepsPerServerTick = 180

  public let data: WorldData
  public let seed: UInt64
  /// Steps done so far.
  public internal(set) var stepIndex = 0
  public internal(set) var players: [PlayerState] = []
  /// Everybody and everything that has a place, by slot: players, their pets, corpses, then each zone's NPCs.
  /// A slot that is empty now has `isPresent == false`.
  public internal(set) var entities: [Entity] = []
  /// Slots of the NPCs of each zone.
  public internal(set) var npcSlots: [Range<Int>] = []
  /// Spells that act on somebody now, oldest first.
  public internal(set) var effects: [Effect] = []
  /// What the last step told the players.
  public internal(set) var chat: [ChatLine] = []
  /// One flag per door of each zone, in the order of `ZoneData.doors`.
  public internal(set) var doorsOpen: [[Bool]] = []

  /// Contents of corpses: `Corpse.capacity` stacks for each corpse slot.
  var corpseItems: [ItemStack] = []
  var corpses: [Corpse] = []
  /// Hate of NPCs and pets: `Hate.capacity` entries for each slot.
  var hate: [Hate] = []
  var minds: [Mind] = []
  /// By slot: the step at which an NPC acts again; `Int.max` while it is away.
  var wake: [Int] = []
  let firstCorpseSlot: Int
  let firstNPCSlot: Int

  /// A new world with everybody at their spawn points.
  /// - Throws: `WorldSetupError` when a player's class, level or zone is not in the data.
  public init(data: WorldData, seed: UInt64, players setups: [PlayerSetup]) throws(WorldSetupError) {
    self.data = data
    self.seed = seed
    firstCorpseSlot = 2 * setups.count
    firstNPCSlot = firstCorpseSlot + data.rules.corpseCapacity
    try populate(setups)
  }

  /// Advances by one step of 1/30 s.
  ///
  /// - Parameter inputs: What the players' keyboards did within this step, sorted by time. Inputs of players that
  ///   do not exist are dropped; times are clamped to the step.
  public mutating func step(_ inputs: [PlayerInput]) {
    stepIndex += 1
    chat.removeAll(keepingCapacity: true)
    advance(inputs)
  }
}

extension World {
  /// The slot of `id`; nil when that entity is gone.
  public func slot(of id: EntityID) -> Int? {
    let slot = Int(id.raw & 0xFFF)
    guard slot < entities.count, entities[slot].id == id, entities[slot].isPresent else { return nil }
    return slot
  }

  public func entity(_ id: EntityID) -> Entity? { slot(of: id).map { entities[$0] } }

  /// The body of player `index`.
  public func body(ofPlayer index: Int) -> Entity { entities[players[index].slot] }

  /// What lies in a corpse, by slot of the loot window; stacks of count 0 are gone.
  public func contents(ofCorpse id: EntityID) -> ArraySlice<ItemStack> {
    guard let slot = slot(of: id), entities[slot].kind == .corpse else { return [] }
    let corpse = slot - firstCorpseSlot
    let start = corpse * Corpse.capacity
    return corpseItems[start..<start + corpses[corpse].itemCount]
  }

  /// What a merchant offers; the index counts as the slot of the window and as N of `/buy N` from 1.
  public func wares(ofMerchant id: EntityID) -> [Ware] {
    guard let slot = slot(of: id), let type = entities[slot].type else { return [] }
    return data.npcs[type].wares
  }
}

/// Who plays.
public struct PlayerSetup: Hashable, Sendable {
  public var name: String
  /// Name of a class in classes.json; nil takes the first.
  public var kit: String?
  public var level: Int
  /// Name of a zone; nil starts at the kit's own start.
  public var zone: String?
  /// Where in the zone; nil takes the zone's arrival point.
  public var position: Position?

  public init(
    name: String = "Adept", kit: String? = nil, level: Int = 5, zone: String? = nil, position: Position? = nil
  ) {
    self.name = name
    self.kit = kit
    self.level = level
    self.zone = zone
    self.position = position
  }
}

public enum WorldSetupError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownClass(String, known: [String])
  case unknownZone(String, known: [String])
  case levelOutOfRange(Int, ClosedRange<Int>)
  case tooManyPlayers(Int)

  public var description: String {
    switch self {
    case .unknownClass(let name, let known): "no class \"\(name)\"; there are \(known.joined(separator: ", "))"
    case .unknownZone(let name, let known): "no zone \"\(name)\"; there are \(known.joined(separator: ", "))"
    case .levelOutOfRange(let level, let range): "level \(level) is out of \(range.lowerBound)...\(range.upperBound)"
    case .tooManyPlayers(let count): "\(count) players do not fit into one world"
    }
  }
}
