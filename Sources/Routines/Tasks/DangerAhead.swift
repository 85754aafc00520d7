/// How far around enemies a way is laid that shall not meet any.
enum DangerAhead {
  /// Unit: world units.
  static let sight = 260.0
  static let radius = 55.0
  static let falloff = 35.0
  /// A unit of way within the radius counts as so many seconds more: ten times the running itself.
  static let rate = 0.33
  static let capacity = 16
  /// Whoever makes the way longer by less than this to come by stands beside it. Unit: world units.
  static let detour = 60.0
  /// Slots after which a way through dangerous country is laid anew, because the dangers move.
  static let renewSlots = 30
}
