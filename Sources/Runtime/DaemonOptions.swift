/// What `compassd run` was told.
public struct DaemonOptions: Sendable {
  /// Name or directory of the environment.
  public var environment: String
  public var pid: Int32?
  /// Name of the executable to look for; nil takes the environment's. Without `pid` the daemon waits for it and
  /// attaches again when it restarts.
  public var processName: String?
  /// Nil takes `DISPLAY`.
  public var display: String?
  public var sessionDirectory: String?
  /// Keys may be sent; otherwise the daemon observes only.
  public var isArmed = false
  /// Seconds; nil runs until it is told to end.
  public var duration: Double?
  public var phase: UInt8?
  public var seed: UInt64 = 1
  /// Read at the start, and again at SIGHUP.
  public var configurationFile: String?
  /// The loopback port of the live view, 0 for any that is free; nil for none.
  public var liveViewPort: UInt16?
  /// Where experience is kept; nil takes `learned-ENVIRONMENT.sqlite` beside the session's directory.
  public var learnedFile: String?
  /// Experience is loaded and saved; otherwise the agent begins without, and forgets.
  public var keepsExperience = true
  /// The client's chat as a text file; nil takes the environment's, and the client's memory where that names none.
  public var chatLog: String?
  /// The party whose board is shared with other daemons of this user; nil for an agent that is alone.
  public var party: String?
  /// The character of the party that is followed and helped.
  public var follows: String?
  /// Program and arguments that run the key guard.
  public var guardCommand: [String]

  public init(environment: String, guardCommand: [String]) {
    self.environment = environment
    self.guardCommand = guardCommand
  }
}
