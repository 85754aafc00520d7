import Agent
import Core
import Lore
import Nav
import Telemetry
import World

/// How one fight of one agent against one enemy ended.
public struct Duel: Sendable {
  public enum Outcome: String, CaseIterable, Sendable {
    /// The enemy fell, and nobody had run away or died before.
    case won
    case died
    /// The agent gave the fight up and ran.
    case fled
    /// Neither, when the time was up.
    case undecided
    /// The agent never began it.
    case unfought
  }

  public var seed: UInt64
  /// How it was fought from first to last; nil where the agent chose, and changed its ways as it saw fit.
  public var strategy: StrategyID?
  public var outcome = Outcome.unfought
  public var targetLevel = 0
  /// From the first blow to the end. Virtual seconds.
  public var seconds = 0.0
  /// What is left at the end. Range: `0...1`.
  public var health = 0.0
  public var mana = 0.0
  public var hasPet = false
  /// What the enemy has left. Range: `0...1`.
  public var targetHealth = 0.0
}

/// A fight in the sandbox world that nobody else has a part in: a player with all its means, one enemy, one way to
/// fight. Summoning, buffs, pull and fight are the real agent's own, through eyes and keys; only whom it hunts is given.
public struct DuelRun {
  /// Who fights whom, and how.
  public struct Terms: Sendable {
    public var kit: String?
    public var level: Int
    /// Key of the enemy's type in the world's npcs.json, and its level; nil draws one of the type's own.
    public var target: String
    public var targetLevel: Int?
    /// A fight that is not over after this is undecided. Unit: virtual minutes.
    public var minutes: Double

    public init(kit: String?, level: Int, target: String, targetLevel: Int? = nil, minutes: Double = 8) {
      self.kit = kit
      self.level = level
      self.target = target
      self.targetLevel = targetLevel
      self.minutes = minutes
    }
  }

  private let data: SimulationData
  private let terms: Terms
  private let setup: PlayerSetup

  /// The player begins so far from its enemy. Unit: world units.
  static let distance = 110.0
  /// Time to summon, to buff and to rest before the fight. Unit: ticks.
  static let preparationTicks = 3000

  /// - Throws: `DuelError` when the world has no such enemy.
  public init(data: SimulationData, terms: Terms) throws {
    guard let home = data.world.home(ofType: terms.target) else {
      throw DuelError.unknownTarget(terms.target, known: data.world.npcs.map(\.key))
    }
    let zone = data.world.zones[home.zone]
    let place = zone.spawns[home.spawn].position
    let species = data.world.npcs.first { $0.key == terms.target }?.name.species ?? .empty
    self.data = SimulationData(data, lore: data.lore.hunting(species, around: place, in: zone.id))
    self.terms = terms
    setup = PlayerSetup(
      kit: terms.kit, level: terms.level, zone: zone.name,
      position: try Self.start(around: place, try data.navigator(zone: zone.id)))
  }

  /// A place to stand with an open way to the enemy.
  private static func start(around place: Position, _ navigator: Navigator) throws -> Position {
    for nearer in [0.0, 20, 40] {
      for turn in 0..<16 {
        let wish = place.moved(distance - nearer, along: Heading(Double(turn) * 32))
        guard let point = navigator.nearestWalkable(to: wish, within: 8),
          navigator.isWalkable(from: point, to: place), navigator.isVisible(from: point, to: place)
        else { continue }
        return point
      }
    }
    throw DuelError.noPlace
  }

  /// How a fight stands, for whoever watches.
  public struct Moment: Sendable {
    /// Since the first blow.
    public var seconds: Double
    public var health: Double
    public var mana: Double
    /// Nil without a pet. Range: `0...1`.
    public var petHealth: Double?
    public var targetHealth: Double
    /// Units from the player to the enemy, and from the pet.
    public var distance: Double
    public var petDistance: Double?
    public var isTargetFleeing: Bool
    /// Whom the enemy fights.
    public var isTargetOnPlayer: Bool
    /// What is being cast.
    public var spell: FixedName?
    public var routine: RoutineID?
    public var events: [SessionEvent]
  }

  /// - Parameter observe: Called after every tick from the first blow on.
  public func fight(_ strategy: StrategyID?, seed: UInt64, observe: (Moment) -> Void = { _ in }) throws -> Duel {
    var options = SimulationOptions()
    options.strategy = strategy
    options.setup = setup
    var loop = try ClosedLoop(data: data, seed: seed, players: [setup])
    var enemy: EntityID?
    loop.arrange { enemy = $0.leaveOnly(terms.target, level: terms.targetLevel) }
    guard let enemy, let body = loop.world.entity(enemy) else { throw DuelError.noPlace }
    var seat = try Seat(data: data, options: options, seed: seed)
    var duel = Duel(seed: seed, strategy: strategy, targetLevel: body.level)
    var began: Int?
    var slot = 0
    while slot < (began ?? 0) + (began == nil ? Self.preparationTicks : Int(terms.minutes * 600)) {
      let tick = Tick(slot)
      let (_, output) = try seat.tick(try loop.snapshot(player: 0, tick: tick), report: loop.report(player: 0))
      loop.carryOut(output.commands, player: 0, tick: tick)
      loop.advance(tick)
      slot += 1
      let target = loop.world.entity(enemy)
      if began == nil, let target, target.health < target.healthMax || target.target != nil { began = slot }
      guard let began else { continue }
      duel.outcome = .undecided
      note(&duel, loop.world, target: target, seconds: Double(slot - began) / Double(Tick.perSecond))
      observe(moment(duel, loop.world, target, output))
      if loop.world.players[0].statistics.deaths > 0 || loop.world.body(ofPlayer: 0).posture == .dead {
        duel.outcome = .died
      } else if target == nil {
        duel.outcome = .won
      } else if output.events.contains(where: { if case .fleeTrigger = $0 { true } else { false } }) {
        duel.outcome = .fled
      }
      if duel.outcome != .undecided { break }
    }
    return duel
  }

  private func moment(_ duel: Duel, _ world: World, _ target: Entity?, _ output: TickOutput) -> Moment {
    let body = world.body(ofPlayer: 0)
    let pet = world.players[0].pet.flatMap(world.entity)
    return Moment(
      seconds: duel.seconds, health: duel.health, mana: duel.mana, petHealth: pet?.healthFraction,
      targetHealth: duel.targetHealth,
      distance: target.map { $0.position.distance(to: body.position) } ?? 0,
      petDistance: target.flatMap { target in pet.map { $0.position.distance(to: target.position) } },
      isTargetFleeing: target?.posture == .fleeing, isTargetOnPlayer: target?.target == body.id,
      spell: world.players[0].casting.map { data.world.spells[$0.spell].name },
      routine: output.receipt.decision.order?.routine, events: output.events)
  }

  private func note(_ duel: inout Duel, _ world: World, target: Entity?, seconds: Double) {
    let body = world.body(ofPlayer: 0)
    duel.seconds = seconds
    duel.health = body.healthFraction
    duel.mana = Double(world.players[0].mana) / Double(max(1, world.players[0].manaMax))
    duel.hasPet = world.players[0].pet != nil
    duel.targetHealth = target?.healthFraction ?? 0
  }
}

public enum DuelError: Error, CustomStringConvertible {
  case unknownTarget(String, known: [String])
  /// Nowhere around the enemy could a player stand with an open way to it.
  case noPlace

  public var description: String {
    switch self {
    case .unknownTarget(let key, let known):
      "no NPC with the key \"\(key)\" has a place in the world; there are \(known.joined(separator: ", "))"
    case .noPlace: "there is no open ground around the enemy"
    }
  }
}

extension Lore {
  /// The same lore of a player who hunts `species` around `place`, in any colour, and nobody else.
  fileprivate func hunting(_ species: FixedName, around place: Position, in zone: ZoneID) -> Lore {
    var policy = policy
    policy.alwaysFight = [species]
    policy.neverFight.removeAll { $0 == species }
    policy.levelDifferenceMax = 60
    policy.camp = nil
    // Whoever fights a duel comes rested.
    let kits = kits.map { kit in
      var kit = kit
      kit.thresholds.restManaEnter = 0.95
      kit.thresholds.restManaExit = 0.99
      kit.thresholds.acquireMana = 0.95
      return kit
    }
    let camp = Camp(name: "duel", zone: zone, center: place, radius: 250, targets: [species])
    return Lore(
      name: name, spells: spells, items: items, classes: classes, zones: zones, kits: kits, camps: [camp],
      policy: policy, hash: hash)
  }
}
