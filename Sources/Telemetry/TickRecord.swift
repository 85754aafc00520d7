import Core

/// How long the parts of one tick took, on which clock it ran. Units: nanoseconds.
public struct TickTiming: Hashable, Sendable {
  /// CLOCK_MONOTONIC (live) or virtual time (simulation) at the start of the tick.
  public var monotonic: Int64
  /// How much later than its slot the tick began.
  public var lateness: Int64
  /// Reading and decoding the target.
  public var reading: Int64
  /// `Agent.tick`.
  public var thinking: Int64
  /// Handing commands to the motor.
  public var acting: Int64
  /// Slots left out just before this tick.
  public var skippedSlots: Int

  public init(
    monotonic: Int64, lateness: Int64 = 0, reading: Int64 = 0, thinking: Int64 = 0, acting: Int64 = 0,
    skippedSlots: Int = 0
  ) {
    self.monotonic = monotonic
    self.lateness = lateness
    self.reading = reading
    self.thinking = thinking
    self.acting = acting
    self.skippedSlots = skippedSlots
  }

  /// The whole tick: reading, thinking, acting.
  public var busy: Int64 { reading + thinking + acting }
}

/// The few values of a snapshot that a reader of a session wants at every tick.
public struct TickVitals: Hashable, Sendable {
  public var zone: ZoneID?
  public var position: Position?
  public var heading: Double?
  /// Fractions. Range: `0...1`.
  public var health: Double?
  public var mana: Double?
  public var petHealth: Double?
  public var experience: Double?
  public var level: Int?
  public var target: EntityID?
  public var pet: EntityID?
  public var spawnCount: Int
  public var isInCombat: Bool?
  /// Raw value of the snapshot's validity: 0 valid, 1 partial, 2 stale, 3 loading.
  public var validity: UInt8

  public static let validityNames = ["valid", "partial", "stale", "loading"]

  public init(
    zone: ZoneID? = nil, position: Position? = nil, heading: Double? = nil, health: Double? = nil,
    mana: Double? = nil, petHealth: Double? = nil, experience: Double? = nil, level: Int? = nil,
    target: EntityID? = nil, pet: EntityID? = nil, spawnCount: Int = 0, isInCombat: Bool? = nil, validity: UInt8 = 0
  ) {
    self.zone = zone
    self.position = position
    self.heading = heading
    self.health = health
    self.mana = mana
    self.petHealth = petHealth
    self.experience = experience
    self.level = level
    self.target = target
    self.pet = pet
    self.spawnCount = spawnCount
    self.isInCombat = isInCombat
    self.validity = validity
  }
}

/// One tick as it goes into the session: everything but the input, which is bytes of its owner's making.
public struct TickRecord: Hashable, Sendable {
  public var timing: TickTiming
  public var vitals: TickVitals
  public var receipt: DecisionReceipt
  public var routine: RoutineStatus?
  public var commands: [MotorCommand]
  public var events: [SessionEvent]
  /// Keys that are down by our doing.
  public var held: KeySet
  public var decisionHash: UInt64

  public init(
    timing: TickTiming, vitals: TickVitals = TickVitals(), receipt: DecisionReceipt, routine: RoutineStatus? = nil,
    commands: [MotorCommand] = [], events: [SessionEvent] = [], held: KeySet = .none, decisionHash: UInt64 = 0
  ) {
    self.timing = timing
    self.vitals = vitals
    self.receipt = receipt
    self.routine = routine
    self.commands = commands
    self.events = events
    self.held = held
    self.decisionHash = decisionHash
  }

  public var tick: Tick { receipt.decision.tick }
}

/// An event or a log line, as it comes back from bytes: self-describing, so that any build can read it.
public struct LogRecord: Hashable, Sendable {
  public var tier: LogTier
  public var subsystem: Subsystem
  /// Stable text such as `encounter.end`.
  public var key: String
  public var fields: [Field]
  public var wantsForensics: Bool

  public init(
    tier: LogTier, subsystem: Subsystem, key: String, fields: [Field] = [], wantsForensics: Bool = false
  ) {
    self.tier = tier
    self.subsystem = subsystem
    self.key = key
    self.fields = fields
    self.wantsForensics = wantsForensics
  }
}

/// A tick as it comes back from bytes.
public struct TickFrame: Hashable, Sendable {
  public var timing: TickTiming
  public var vitals: TickVitals
  public var receipt: DecisionReceipt
  public var routine: RoutineStatus?
  public var commands: [MotorCommand]
  public var events: [LogRecord]
  public var held: KeySet
  public var decisionHash: UInt64

  public var tick: Tick { receipt.decision.tick }
}
