import Core
import Learning
import WorldModel

/// Whom one may meet in pairs: it attacks nobody of its own, fights with its like have cost next to nothing, and nobody
/// was ever seen to help it.
///
/// One of its kin more is no risk then, and the only way to find out that it does not help: whoever keeps away from
/// every pair never knows, hunts among fewer, and waits for kin to go that would have done nothing.
enum EasyPrey {
  /// What such fights may have cost in the mean. Unit: fraction of the health.
  static let dangerMax = 0.12

  /// - Parameter level: ours.
  static func includes(_ track: Track, level: Int, _ model: WorldModel, _ learned: LearnedState) -> Bool {
    guard !track.isHelped, !model.mayAttack(track) else { return false }
    let belief = learned.encounters.belief(species: track.species, difference: Int(track.level) - level)
    return belief.map { $0.danger.mean <= dangerMax } ?? false
  }
}

extension Brain {
  /// One of the kin of `target` may stand near it when the fight begins.
  public func isEasy(_ target: EntityID, model: WorldModel) -> Bool {
    guard configuration.learning.usesEncounters, let track = model.track(target), let level = memory.level else {
      return false
    }
    return EasyPrey.includes(track, level: level, model, learned)
  }
}
