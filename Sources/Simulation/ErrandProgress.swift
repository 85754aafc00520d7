import Core
import Routines

/// Whether walks to a place get anywhere: who comes nearer to it than ever on this errand does; who runs to and fro, is
/// driven off and returns, or begins one errand after the other, does not.
struct ErrandProgress {
  private struct Errand {
    var goal: Position
    /// The least that was ever left of the way.
    var left: Double
  }

  private var errands: [Errand] = []

  /// Goals nearer to each other than this are one errand: the merchant, and where he is said to stand. Unit: world units.
  static let sameGoal = 30.0
  /// A gain below this may be a corner that the route cuts: a third of a second's run. Unit: world units.
  static let gain = 10.0
  /// Errands that are remembered, each until one of them is done: more than a trip to a town has.
  static let capacity = 16

  /// Takes in one tick of a walk.
  /// - Returns: True when less is left of the way than ever before.
  mutating func gains(_ way: WayLeft) -> Bool {
    guard let row = errands.firstIndex(where: { $0.goal.distance(to: way.goal) < Self.sameGoal }) else {
      if errands.count == Self.capacity { errands.removeFirst() }
      errands.append(Errand(goal: way.goal, left: way.left))
      return false
    }
    guard way.left <= errands[row].left - Self.gain else { return false }
    errands[row].left = way.left
    return true
  }

  /// An errand is done, or something was gained otherwise: what comes next begins anew.
  mutating func forget() {
    errands.removeAll(keepingCapacity: true)
  }
}

extension RoutineID {
  /// It leads to a place that stays where it is.
  var isErrand: Bool {
    switch self {
    case .vendor, .travel, .recoverCorpse: true
    default: false
    }
  }
}
