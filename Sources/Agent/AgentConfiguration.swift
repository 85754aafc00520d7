import Core
import Routines

/// What the operator or the environment sets about an agent before it starts; part of a session's header.
public struct AgentConfiguration: Hashable, Sendable {
  /// How the environment's body answers to its keys (`environment.json`: turn_rate, run_speed).
  public var body: BodyProfile
  /// Selection phase at the start. Range: `0...4`.
  public var phase: UInt8

  public init(body: BodyProfile = BodyProfile(turnRate: 128, runSpeed: 30), phase: UInt8 = 2) {
    self.body = body
    self.phase = min(4, phase)
  }
}
