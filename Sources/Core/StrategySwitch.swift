/// Why a fight goes on in another way than it began.
public enum StrategySwitch: UInt8, CaseIterable, Sendable, Codable {
  case petNearlyDown, petLost, fearResisted, manaGone, tooManyAdds, takesTooLong

  public var name: String { String(describing: self) }
}
