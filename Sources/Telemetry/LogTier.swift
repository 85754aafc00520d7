/// How much of a session a log line is for. Every file holds its own tier and all tighter ones.
public enum LogTier: UInt8, CaseIterable, Comparable, Sendable, Codable {
  /// T1: key state changes.
  case event = 1
  /// T2: what the agent does, as a reader follows it.
  case session
  /// T3: why, and what it asks of the keyboard.
  case verbose
  /// T4: every tick.
  case debug

  public static func < (left: LogTier, right: LogTier) -> Bool { left.rawValue < right.rawValue }

  /// As it stands in a log line.
  public var text: String { "T\(rawValue)" }

  /// The file that holds this tier and the tighter ones.
  public var fileName: String {
    switch self {
    case .event: "session_events.log"
    case .session: "session.log"
    case .verbose: "session_verbose.log"
    case .debug: "session_debug.log"
    }
  }
}

/// The part of the program that a log line speaks of.
public enum Subsystem: UInt8, CaseIterable, Sendable, Codable {
  case agent, perception, brain, routine, motor, nav, learning, runtime, session, world

  public var name: String { String(describing: self) }
}

/// Names of the files in a session's directory.
public enum SessionFileName {
  public static let header = "session.json"
  public static let events = "session_events.jsonl"
  public static let decisions = "session_decisions.jsonl"
  public static let record = "session.record"
  public static let blackBox = "blackbox.ring"
  /// Room kept for T1 and receipts; given up when the disk is full.
  public static let reserve = "session.reserve"
}
