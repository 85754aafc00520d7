import Core

/// Something that a player's keyboard did within a step.
public struct PlayerInput: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case key(ClientKey, isDown: Bool)
    /// A chat line that was entered: a command (`/sell all`) or something said.
    case text(FixedText)
  }

  public var player: Int
  /// When, from the start of the step. Range: `0..<33_333`.
  public var microsecond: Int
  public var event: Event

  public init(player: Int, microsecond: Int = 0, _ event: Event) {
    self.player = player
    self.microsecond = microsecond
    self.event = event
  }
}
