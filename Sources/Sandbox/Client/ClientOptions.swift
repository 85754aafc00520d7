import SandboxMirror
import World

/// How the client is started.
public struct ClientOptions: Sendable {
  /// Directory of the world's data.
  public var dataDirectory: String
  /// X display; nil takes DISPLAY.
  public var display: String?
  public var seed: UInt64 = 1
  /// Name of the zone to start in; nil starts where the class starts.
  public var zone: String?
  /// Name of the class; nil takes the first.
  public var kit: String?
  public var level = 5
  /// World seconds per second. Range: above 0.
  public var speed = 1.0
  /// 1 or 2.
  public var memoryLayout = 1
  public var misbehaviour: Misbehaviour?
  /// Where key events and state hashes are written, one JSON object a line.
  public var keyLog: String?
  /// Where the chat is written, one line each.
  public var chatLog: String?
  /// Written at the end and on SIGUSR1.
  public var screenshot: String?
  /// Seconds until the client ends by itself.
  public var duration: Double?

  /// Port of a server on this machine whose world to join; nil plays in a world of its own.
  public var server: UInt16?
  /// Which of the server's players to be; nil takes the first that is free.
  public var player: Int?

  /// How its player begins.
  public var setup: PlayerSetup { PlayerSetup(kit: kit, level: level, zone: zone) }

  public init(dataDirectory: String) {
    self.dataDirectory = dataDirectory
  }
}

/// Why the client ended.
public enum ClientEnd: Hashable, Sendable {
  case windowClosed
  case terminated
  case durationOver
  case displayLost
  case serverLost
}
