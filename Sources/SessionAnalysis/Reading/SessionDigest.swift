import Core
import Telemetry

/// Everything that checks, report and page need of a session, gathered in one pass. Its size does not grow without
/// bounds, however long the session.
public struct SessionDigest: Sendable {
  /// How much of the files could be used.
  public struct Reading: Sendable {
    public var lines = 0
    /// Lines that are no record.
    public var skipped = 0
    /// Lines beyond 1 MiB.
    public var tooLong = 0
    /// Files that end in the middle of a line.
    public var halfLines = 0
    public var missingFiles: [String] = []
    public var bytes = 0
  }

  /// A moment of the session.
  public struct Sample: Sendable {
    public var tick: Int
    public var time: Double
    public var x: Double
    public var y: Double
    public var zone: Int
    /// Fractions; below 0 when unknown.
    public var health: Double
    public var mana: Double
    /// Index into `routines`.
    public var routine: Int
    public var busyMicroseconds: Double
  }

  /// A stretch of ticks under one decision.
  public struct Stretch: Sendable {
    public var first: Int
    public var last: Int
    public var start: Double
    public var end: Double
    /// Index into `routines`.
    public var routine: Int
    public var layer: String
  }

  /// A T1 event.
  public struct Event: Sendable {
    public var tick: Int
    public var time: Double
    public var key: String
    /// Its own values as text.
    public var fields: [(key: String, value: String)]
    public var at: (x: Double, y: Double)?

    public func field(_ key: String) -> String? { fields.first { $0.key == key }?.value }
    public func number(_ key: String) -> Double? { field(key).flatMap(Double.init) }

    /// A loot event by which we took something from an enemy, as `SessionEvent.lootedCorpse` says.
    var hasGained: Bool { field("own") != "true" && ["items", "coins"].contains { number($0) ?? 0 > 0 } }
  }

  public internal(set) var info: SessionInfo
  public internal(set) var reading = Reading()

  // Ticks.
  public internal(set) var ticks = 0
  public internal(set) var firstTick: Int?
  public internal(set) var lastTick = 0
  public internal(set) var seconds = 0.0
  public internal(set) var missingTicks = 0
  public internal(set) var skippedSlots = 0
  public internal(set) var repeatedTicks = 0
  public internal(set) var backwardTimes = 0
  /// First ticks of gaps, at most 100.
  public internal(set) var gaps: [(from: Int, to: Int)] = []
  var busy = Histogram()
  var late = Histogram()
  /// Microseconds: reading, thinking, acting.
  var phases = [Histogram(), Histogram(), Histogram()]
  public internal(set) var overruns: [(tick: Int, milliseconds: Double)] = []
  public internal(set) var overrunCount = 0
  public internal(set) var invalidTicks: [String: Int] = [:]
  public internal(set) var layers: [String: Int] = [:]
  public internal(set) var holds: [String: Int] = [:]
  public internal(set) var rules: [String: Int] = [:]
  /// Names of routines; index 0 is "none".
  public internal(set) var routines = ["none"]
  public internal(set) var routineTicks: [Int] = [0]
  public internal(set) var changes = 0
  /// Changes back to the decision before last within three seconds.
  public internal(set) var returns = 0
  public internal(set) var returnPairs: [String: Int] = [:]
  public internal(set) var lowestHealth: (tick: Int, health: Double)?
  public internal(set) var lowHealthTicks = 0
  public internal(set) var zones: [Int: Int] = [:]
  public internal(set) var notNumbers = 0
  /// Distance covered, in units.
  public internal(set) var distance = 0.0
  public internal(set) var levels: (first: Int, last: Int)?
  /// Reasons why rules were declined, in full receipts: rule, reason, count.
  public internal(set) var declines: [String: [String: Int]] = [:]

  public internal(set) var samples: [Sample] = []
  public internal(set) var stretches: [Stretch] = []
  public internal(set) var stretchesLost = 0

  // Events.
  public internal(set) var eventCounts: [String: Int] = [:]
  public internal(set) var events: [Event] = []
  public internal(set) var eventsLost = 0

  init(info: SessionInfo) {
    self.info = info
  }

  public func count(_ key: String) -> Int { eventCounts[key, default: 0] }
  public func all(_ key: String) -> [Event] { events.filter { $0.key == key } }

  public var defeats: Int { all("encounter.end").count { $0.field("outcome") == "defeated" } }
  public var deaths: Int { count("player.death") }
  public var flees: Int { count("flee.trigger") }
  /// Enemies' corpses from which something was taken; one to which the agent came back is the same one.
  public var loots: Int {
    let taken = all("loot").filter(\.hasGained).map { $0.field("corpse") }
    return zip(taken.indices, taken).count { $0 == 0 || taken[$0 - 1] != $1 }
  }
  public var rests: Int { count("rest.end") }
  public var hours: Double { seconds / 3600 }

  public var tickP50: Double? { busy.quantile(0.5) }
  public var tickP99: Double? { busy.quantile(0.99) }
  public var lateP99: Double? { late.quantile(0.99) }

  /// Part of a count that went well; nil without any.
  public func success(_ key: String) -> (ok: Int, of: Int)? {
    let all = all(key)
    return all.isEmpty ? nil : (all.count { $0.field("ok") == "true" }, all.count)
  }
}
