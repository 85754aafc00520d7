import Core
import Perception
import Telemetry

/// What one tick publishes for onlookers. Its arrays keep their memory: filling it anew allocates nothing.
///
/// A class, because it is memory that two threads hand to and fro (`LiveMailbox`); whoever holds it has it alone.
public final class LiveFrame {
  /// How the daemon stands.
  public enum Stand: UInt8, Sendable {
    /// Looks for its target.
    case waiting
    /// Reads and decides; no key is sent.
    case observing
    case armed
    /// Somebody pressed the kill switch, or said `compassd disarm`.
    case disarmed
  }

  public var stand = Stand.waiting
  public var tick = 0
  public var timing = TickTiming(monotonic: 0)
  public var vitals = LiveVitals()
  public var decision = Decision(tick: .start, layer: .hold)
  public var margin: Double?
  public var runnerUp: RuleID?
  public var phase: UInt8 = 0
  public var routine: RoutineStatus?
  public var motor = MotorReport(hasFocus: false, isReady: false)
  public var plan: LivePlan?
  public var counters = LiveCounters()
  public private(set) var verdicts: [DecisionReceipt.Verdict] = []
  public private(set) var candidates: [DecisionReceipt.Candidate] = []
  public private(set) var spawns: [Spawn] = []
  /// All that there are, where more than `spawnsMax` are in sight.
  public private(set) var spawnCount = 0
  /// The last events, oldest first.
  public private(set) var events: [LiveEvent] = []

  public static let spawnsMax = 512
  public static let eventsMax = 24

  public init() {
    verdicts.reserveCapacity(RuleID.allCases.count)
    candidates.reserveCapacity(16)
    spawns.reserveCapacity(Self.spawnsMax)
    events.reserveCapacity(Self.eventsMax)
  }

  /// Copies the receipt of the tick.
  public func take(_ receipt: DecisionReceipt) {
    decision = receipt.decision
    margin = receipt.margin
    runnerUp = receipt.runnerUp
    phase = receipt.phase
    verdicts.removeAll(keepingCapacity: true)
    verdicts.append(contentsOf: receipt.verdicts.prefix(RuleID.allCases.count))
    candidates.removeAll(keepingCapacity: true)
    candidates.append(contentsOf: receipt.candidates.prefix(16))
  }

  /// Copies what was seen.
  public func take(_ state: GameState) {
    tick = state.tick.slot
    vitals = LiveVitals(state)
    spawnCount = state.spawns.count
    spawns.removeAll(keepingCapacity: true)
    if state.spawns.count <= Self.spawnsMax {
      spawns.append(contentsOf: state.spawns)
    } else {
      spawns.append(contentsOf: state.spawns[..<Self.spawnsMax])
    }
  }

  /// Copies the last events.
  public func take(_ recent: [LiveEvent]) {
    events.removeAll(keepingCapacity: true)
    events.append(contentsOf: recent.suffix(Self.eventsMax))
  }

  /// There is no target.
  public func clear(tick: Int) {
    self.tick = tick
    stand = .waiting
    vitals = LiveVitals()
    decision = Decision(tick: Tick(tick), layer: .hold, hold: .notArmed)
    margin = nil
    runnerUp = nil
    routine = nil
    plan = nil
    verdicts.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    spawns.removeAll(keepingCapacity: true)
    spawnCount = 0
  }

  /// The entity with this id, as it was seen.
  func spawn(_ id: EntityID) -> Spawn? { spawns.first { $0.id == id } }
}

/// Something that happened, and when.
public struct LiveEvent: Sendable {
  public var tick: Int
  public var event: SessionEvent

  public init(tick: Int, event: SessionEvent) {
    self.tick = tick
    self.event = event
  }
}

/// The player's own values; without arrays, so that a copy holds on to nothing.
public struct LiveVitals: Sendable {
  public var validity = SnapshotValidity.stale
  public var zone: ZoneID?
  public var name = FixedName.empty
  public var position: Position?
  public var heading: Heading?
  public var health: Double?
  public var mana: Double?
  public var healthPoints: Int?
  public var healthMax: Int?
  public var manaPoints: Int?
  public var manaMax: Int?
  public var level: Int?
  public var experience: Double?
  public var stand: StandState?
  public var casting: Casting?
  public var isInCombat: Bool?
  public var money: Int?
  public var target: EntityID?
  public var pet: EntityID?
  public var slotsFree: Int?
  public var slotsTotal: Int?

  public init() {}

  public init(_ state: GameState) {
    let player = state.player
    validity = state.validity
    zone = state.zone
    name = player.name
    position = player.position
    heading = player.heading
    health = player.healthFraction
    mana = player.manaFraction
    healthPoints = player.health
    healthMax = player.healthMax
    manaPoints = player.mana
    manaMax = player.manaMax
    level = player.level
    experience = player.experience
    stand = player.stand
    casting = player.casting
    isInCombat = player.isInCombat
    money = player.money
    target = state.target
    pet = state.pet
    slotsFree = state.inventory.slotsFree
    slotsTotal = state.inventory.slotsTotal
  }
}

/// The plan under way, in place.
public struct LivePlan: Sendable {
  /// A step: the row of its action in `LiveNames.actions`, its cost, and from how many observations it was learned.
  public struct Step: Sendable {
    public var action: UInt8
    public var seconds: Float
    public var observations: UInt32

    public init(action: UInt8, seconds: Float, observations: UInt32) {
      self.action = action
      self.seconds = seconds
      self.observations = observations
    }
  }

  public static let stepMax = 12

  /// Row in `LiveNames.goals`.
  public var goal: UInt8
  public var index: Int
  public var isRunning: Bool
  /// Unit: seconds.
  public var cost: Double
  private var steps: InlineArray<12, Step> = InlineArray(repeating: Step(action: 0, seconds: 0, observations: 0))
  public private(set) var stepCount = 0

  public init(goal: UInt8, index: Int, isRunning: Bool, cost: Double) {
    self.goal = goal
    self.index = index
    self.isRunning = isRunning
    self.cost = cost
  }

  /// Adds a step; beyond `stepMax` it is left out.
  public mutating func append(_ step: Step) {
    guard stepCount < Self.stepMax else { return }
    steps[stepCount] = step
    stepCount += 1
  }

  /// Step `index`. Range: `0..<stepCount`.
  public subscript(index: Int) -> Step { steps[index] }
}
