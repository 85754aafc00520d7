import Core

/// What an NPC or pet has in mind.
struct Mind: Hashable {}

extension World {
  mutating func populate(_ setups: [PlayerSetup]) throws(WorldSetupError) {}
  mutating func advance(_ inputs: [PlayerInput]) {}

  /// Over all that can change what happens next.
  /// - Complexity: O(entities).
  public var stateHash: UInt64 { UInt64(stepIndex) }
}
