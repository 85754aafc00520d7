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
  public var configurationFile: String?
  /// Program and arguments that run the key guard.
  public var guardCommand: [String]

  public init(environment: String, guardCommand: [String]) {
    self.environment = environment
    self.guardCommand = guardCommand
  }
}
