import Core

/// A pet that was left behind is waited for and fetched; but its wait is its own, not that of each loss: a pet that
/// stays behind some wall comes as soon as we stand beside it, and stays behind again with the next walk.
struct PetSearch: Sendable {
  /// It is too far away to help, and not back yet.
  private(set) var isLost = false
  /// Where it is looked for; the place stays the same while the pet moves a little. Nil when the pet is with us, or
  /// has been waited for long enough.
  private(set) var sought: Position?
  /// When the wait began that goes on, or is used up.
  private var since: Tick?
  /// When it came back.
  private var back = Tick.start

  /// Further away it is lost, nearer it is back. Unit: world units.
  static let lostDistance = 200.0
  static let backDistance = 60.0
  /// So far it may move without being looked for elsewhere. Unit: world units.
  static let drift = 40.0
  /// It is waited for and fetched for so long; then we hunt without it.
  static let waitTicks = 450
  /// With us for so long it has the whole wait again.
  static let followTicks = 300
  /// Prey on whose way it was left behind is left alone for so long: the same way would lose it again.
  static let preyTicks = 1200

  /// - Returns: True in the tick in which the pet was left behind.
  mutating func update(_ situation: Situation) -> Bool {
    guard let pet = situation.model.petTrack else {
      self = PetSearch()
      return false
    }
    let wasLost = isLost
    isLost = pet.distance > (wasLost ? Self.backDistance : Self.lostDistance)
    let isLeftNow = isLost && !wasLost
    if wasLost, !isLost { back = situation.tick }
    if !isLost, situation.tick - back >= Self.followTicks { since = nil }
    if isLost, since == nil { since = situation.tick }
    guard isLost, situation.wantsPet, let since, situation.tick - since < Self.waitTicks else {
      sought = nil
      return isLeftNow
    }
    let isNear =
      sought.map {
        $0.horizontalDistance(to: pet.position) < Self.drift && abs($0.z - pet.position.z) < Self.drift / 2
      } ?? false
    if !isNear { sought = pet.position }
    return isLeftNow
  }
}
