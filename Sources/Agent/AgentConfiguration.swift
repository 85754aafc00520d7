import Brain
import Core
import Lore
import Routines

/// What the operator or the environment sets about an agent before it starts; part of a session's header.
public struct AgentConfiguration: Hashable, Sendable {
  /// How the environment's body answers to its keys (`environment.json`: turn_rate, run_speed).
  public var body: BodyProfile
  public var brain: BrainConfiguration
  /// Hold still in a zone whose terrain has not been handed over; without, movement goes in straight lines there.
  public var requiresTerrain: Bool
  /// How every fight is fought; nil leaves it to kit and experience.
  public var strategy: StrategyID?

  public init(
    body: BodyProfile = BodyProfile(turnRate: 128, runSpeed: 30), brain: BrainConfiguration = BrainConfiguration(),
    requiresTerrain: Bool = true
  ) {
    self.body = body
    self.brain = brain
    self.requiresTerrain = requiresTerrain
  }

  /// - Parameter phase: Selection phase at the start. Range: `0...4`.
  public init(body: BodyProfile = BodyProfile(turnRate: 128, runSpeed: 30), phase: UInt8) {
    self.init(body: body)
    brain.phase = min(4, phase)
  }

  /// Selection phase at the start. Range: `0...4`.
  public var phase: UInt8 { brain.phase }

  /// The character of the party that the agent follows; empty for none.
  public var follows: FixedName {
    get { brain.follows }
    set { brain.follows = newValue }
  }
}
