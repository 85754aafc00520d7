import Core
import Learning
import Lore
import Perception
import Telemetry
import WorldModel

/// Everything the brain carries from tick to tick: latches, choices, undertakings. Changes once per tick, before the
/// rules are asked; rules only read it.
struct BrainMemory: Sendable {
  /// The undertaking under way.
  var rule: RuleID?
  var order: RoutineOrder?
  var credit = CreditID(0)
  var started = Tick.start

  var flight = Flight()
  var defence = Defence()
  var vain = VainDefence()
  var evasion: Evasion?
  var lastEvasion: Tick?
  var isResting = false
  /// The last tick at which we could not hunt, or had somebody to hunt who stood alone.
  var huntingSince = Tick.start
  var restingSince = Tick.start

  /// What the fight is about.
  var primary: EntityID?
  /// The target that we want, and how the others stood.
  var choice: TargetChoice?
  var candidates: [DecisionReceipt.Candidate] = []
  var rejected: [DecisionReceipt.Candidate] = []
  /// What the rejected would have been worth, in their order.
  var rejectedFactors: [TargetFactors] = []
  /// Those who are rejected at first sight are weighed as well, for whoever wants to know why; no decision needs it.
  var explainsRejected = false
  /// By which factors were weighed at the last choice.
  var targetWeights = TargetFactors.defaultWeights
  var pool = CandidatePool()
  var walks = WalkTimes()
  /// Somebody in reach, as of the last look, is too much for our health as it is: a rest would help.
  var lacksHealthToHunt = false
  /// The last tick at which somebody who is wished for was in reach, or at which we could not hunt.
  var lastWished = Tick.start
  /// The choice is another's enemy.
  var isAssisting = false
  /// Where the one is whom we follow, as of when it last went further than a few steps.
  var leader: Leader?
  /// The corpse that we want to loot.
  var corpse: EntityID?
  /// Why no corpse is gone for although one lies in reach: the nearest one's reason, how far it is, and since when it
  /// lies there.
  var corpseLeft: (reason: RuleReason, distance: Double, since: Tick)?
  /// Entities that are left alone for a while.
  var attempts = AttemptList()
  var lastDefeat: Tick?
  /// The last tick at which a fight went on.
  var lastEngaged: Tick?
  /// Pulls or the taking of targets failed so often that they are left alone for a while.
  var isHuntBarred = false
  /// Until then the pet is not sent ahead: it would not go.
  var petRefusedUntil = Tick.start

  /// Row in `lore.camps`, and how far its center is; nil in another zone.
  var camp: Int?
  var campDistance: Double?
  var isFarFromCamp = false
  var errand: Errand?
  /// Where we died and have not been since, the last death first.
  var lostCorpses: [LostCorpse] = []
  /// The one to go for now: none beside whom death waits.
  var lostCorpse: LostCorpse? { lostCorpses.first { !$0.isGuarded } }
  /// When last seen alive we had something to lose.
  var carries = false
  /// No merchant could help, or the way to one was too dangerous; until then we do without.
  var tradeBarred = Tick.start
  /// So often in a row the way to another zone's merchant was given up.
  var errandsGivenUp = 0
  var petDied: Tick?
  var hadPet = false
  /// What is done about a pet that was left behind.
  var pet = PetSearch()
  var lastBuff: (spell: SpellID, tick: Tick)?
  var stuckCount = 0
  var lastStuck: Tick?

  var experience = Experience()
  var anomalies = AnomalyWatch()
  /// Where the next enemy is expected, as long as we go there.
  var expected: SpawnPredictor.Forecast?
  var expectedAsked = Tick.start
  /// Such an expectation is as old as this at most.
  static let expectedTicks = 600

  var wasDead = false
  var level: Int?
  var zone: ZoneID?
  var now = Tick.start
  /// Within the level. Range: `0...1`; nil before it was read.
  var experienceNow: Double?

  /// So long after a fight a corpse may still appear.
  static let corpseTicks = 8
  /// Nobody who might attack may stand nearer to a corpse that we set out for; and to one that we are after.
  /// Unit: world units.
  static let corpseRoom = 60.0
  static let corpseGuard = 50.0
  /// What lies at our feet is taken whoever is near: we stand there anyway, and to come back for it costs seconds.
  static let corpseAtHand = 10.0
  /// Whoever needs a rest takes what lies nearer than this first, and the rest after it. Unit: world units.
  static let corpseBeforeRest = 60.0
  /// With less health the rest comes before everything. Range: `0...1`.
  static let corpseHealth = 0.3

  init() {
    candidates.reserveCapacity(8)
    rejected.reserveCapacity(8)
    rejectedFactors.reserveCapacity(8)
  }
}

/// Running away: begins at a threshold and ends at a lower one.
struct Flight: Hashable, Sendable {
  var isOn = false
  var reason = RuleReason.notUrgent
  /// The floor that is broken at this tick.
  var floor: RuleReason?
  /// Range: `0...1`.
  var urgency = 0.0
  var since = Tick.start
  var ended: Tick?
  var lastThreat = Tick.start
  var destination: Position?
  var threat: EntityID?

  /// Once begun it goes on for so long while somebody threatens: a second and a half is a step out of reach.
  static let leastTicks = 15
}

/// Whether the defence gets anywhere.
struct Defence: Hashable, Sendable {
  var progressed = Tick.start
  /// Sum of the attackers' health, at its lowest.
  var remaining = Double.infinity
  var attackerCount = 0
  /// When a blow of ours was last struck.
  var struck = Tick.start
  /// Too long without progress.
  var isStalled = false
  var stalledSince = Tick.start

  static let patienceTicks = 100
  /// While blows are struck, they may all miss for so long: with one in 2.6 seconds, of which a third misses, four in a
  /// row do in every eightieth try, eight in every five-thousandth.
  static let missesTicks = 200
  /// Blows that are further apart are none that go on.
  static let blowTicks = 40

  /// Nothing was gained for too long.
  func isVain(at tick: Tick) -> Bool {
    tick - progressed >= (tick - struck <= Self.blowTicks ? Self.missesTicks : Self.patienceTicks)
  }
  static let stallTicks = 300
}

/// Somebody whom we could not fight, nor get rid of by running: how often, of late.
struct VainDefence: Hashable, Sendable {
  var attacker: EntityID?
  var count = 0
  var last = Tick.start

  /// Further apart, two stalls have nothing to do with each other.
  static let memoryTicks = 1200
  /// From this one on the zone is left.
  static let patience = 2

  mutating func note(_ id: EntityID?, at tick: Tick) {
    let isSame = id == attacker && tick - last < Self.memoryTicks
    attacker = id
    count = isSame ? count + 1 : 1
    last = tick
  }
}

/// Stepping out of the way.
struct Evasion: Hashable, Sendable {
  var from: EntityID
  var to: Position
  var until: Tick
}

/// A target that was chosen among the candidates.
struct TargetChoice: Hashable, Sendable {
  var id: EntityID
  var score: Double
  var distance: Double
  var factors: TargetFactors

  init(id: EntityID, score: Double, distance: Double, factors: TargetFactors) {
    self.id = id
    self.score = score
    self.distance = distance
    self.factors = factors
  }

  init(_ entry: CandidatePool.Entry) {
    id = entry.id
    score = entry.score
    distance = entry.distance
    factors = entry.factors
  }
}

/// Where the one is whom we follow.
struct Leader: Hashable, Sendable {
  var zone: ZoneID
  var at: Position
  var tick: Tick

  /// So far it may go before we go after it; so near we stay. Unit: world units.
  static let leash = 60.0
  static let stride = 25.0
  /// Not heard of for so long, it is lost.
  static let patienceTicks = 100
}

/// A way to go for something other than hunting.
struct Errand: Hashable, Sendable {
  var zone: ZoneID
  var at: Position
  var since: Tick
  var merchant: EntityID?

  static let patienceTicks = 9000
  /// A merchant who could not help is not seen again for so long.
  static let barTicks = 6000
  /// The time doubles so often at most.
  static let doublingsMax = 3
}

/// Where our belongings lie.
struct LostCorpse: Hashable, Sendable {
  var zone: ZoneID
  var at: Position
  var since: Tick
  var tries = 0
  /// How often we died on the way to it.
  var deaths = 0
  /// Somebody who would be the death of us goes about there.
  var isGuarded = false

  static let triesMax = 5
  static let deathsMax = 2
  static let patienceTicks = 36000
  /// More than these are not kept in mind.
  static let capacity = 4
}
