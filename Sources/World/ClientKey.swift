/// The client's own commands, as keys trigger them. Which key is which, `client-keys.json` says.
public enum ClientKey: UInt8, CaseIterable, Sendable, Codable {
  // Held keys: they act as long as they are down.
  case forward, back, turnLeft, turnRight, strafeLeft, strafeRight
  // Keys that act when they go down.
  case jump, sitStand, autorun
  case targetNextNPC, targetPreviousNPC, targetSelf, targetNextCorpse
  case petAttack, petBack, petFollow, petGuard
  case gem1, gem2, gem3, gem4, gem5, gem6, gem7, gem8
  case autoAttack, consider, openLoot, inventory, hail, closeWindow

  /// True for the keys that act while they are down.
  public var isHeld: Bool { rawValue <= ClientKey.strafeRight.rawValue }

  /// The gem that the key casts, from 0; nil for other keys.
  public var gem: Int? {
    (ClientKey.gem1.rawValue...ClientKey.gem8.rawValue).contains(rawValue)
      ? Int(rawValue - ClientKey.gem1.rawValue) : nil
  }

  /// Stable text, as in data files.
  public var name: String { String(describing: self) }

  public init?(name: String) {
    guard let key = ClientKey.allCases.first(where: { $0.name == name }) else { return nil }
    self = key
  }
}
