import Core
import Lore
import WorldModel

/// Where to run. Every situation has an answer; the nearest safe place of the operator's data is the best one.
enum FleePoint {
  /// - Parameters:
  ///   - isFirst: The flight begins; else it goes on from a point that was reached.
  ///   - isVain: Nothing within the zone helps: over the next line, where nobody follows.
  static func choose(
    _ situation: Situation, camp: Int?, threat: EntityID?, isFirst: Bool = true, isVain: Bool = false
  ) -> Position {
    guard let place = situation.position else {
      return camp.map { situation.lore.camps[$0].safeSpot } ?? .origin
    }
    let danger =
      threat.flatMap(situation.model.track)?.position ?? situation.model.nearestDanger ?? place
    var best: (point: Position, score: Double)?
    func consider(_ point: Position, bonus: Double) {
      let run = place.horizontalDistance(to: point)
      guard run > 30, run < 1500 else { return }
      let head = danger.horizontalDistance(to: point) - run
      let turn = abs(place.heading(to: danger).turn(to: place.heading(to: point)))
      // Towards the danger is no way out. To begin with every way is as good if it is upon us already; further on
      // that would be running to and fro.
      let isUpon = isFirst && danger.horizontalDistance(to: place) < upon
      guard turn > 70 || head > 30 || isUpon else { return }
      guard !leadsToWorse(from: place, point, situation, but: threat) else { return }
      // To another floor the way is a long one, and through others' rooms.
      let climb = situation.isOnAnotherFloor(point, than: place) ? climbCost : 0
      let company = 60 * Double(others(beside: place, point, situation, but: threat))
      let score = head - 0.3 * run + bonus - company - climb
      if score > (best?.score ?? -.infinity) { best = (point, score) }
    }
    if let camp, situation.lore.camps[camp].zone == situation.zone {
      for (rank, point) in situation.lore.camps[camp].fleePoints.enumerated() {
        consider(point, bonus: 40 - 5 * Double(rank))
      }
      consider(situation.lore.camps[camp].safeSpot, bonus: 20)
    }
    if let zone = situation.zone.flatMap(situation.lore.zone) {
      for line in zone.lines where isVain || !situation.isWorse(line.to) {
        consider(line.at, bonus: isVain ? lineWorth : 60)
      }
    }
    return best?.point ?? away(from: danger, place: place, situation: situation, but: threat)
  }

  /// Who is nearer than this is upon us. Unit: world units.
  static let upon = 25.0
  /// What a line is worth to one whom nothing else helps. Unit: world units.
  private static let lineWorth = 600.0
  /// What a point on another floor is worth less. Unit: world units.
  static let climbCost = 400.0

  /// Somebody who would be the death of us stands beside the straight way, or where it ends.
  private static func leadsToWorse(
    from place: Position, _ point: Position, _ situation: Situation, but threat: EntityID?
  ) -> Bool {
    let way = place.horizontalDistance(to: point)
    return situation.model.tracks.contains { track in
      guard track.id != threat, !track.isAttacking else { return false }
      if situation.isPeril(track, near: point) { return true }
      return situation.isPeril(track, near: place, within: .infinity)
        && track.distance + track.position.horizontalDistance(to: point) < way + 40
    }
  }

  /// How many stand beside the straight way, or at its end, who would join the hunt.
  private static func others(
    beside place: Position, _ point: Position, _ situation: Situation, but threat: EntityID?
  ) -> Int {
    let way = place.horizontalDistance(to: point)
    var count = 0
    for track in situation.model.tracks where track.id != threat && situation.model.mayAttack(track) {
      if track.distance + track.position.horizontalDistance(to: point) < way + 40 { count += 1 }
    }
    return min(4, count)
  }

  /// Straight away, turned until the point is on the map and, where the ground is known, walkable.
  private static func away(
    from danger: Position, place: Position, situation: Situation, but threat: EntityID?
  ) -> Position {
    let zone = situation.zone.flatMap(situation.lore.zone)
    let back =
      danger.horizontalDistance(to: place) > 0.1 ? danger.heading(to: place) : Heading.north
    for turn in [0.0, 40, -40, 80, -80, 120, -120] {
      let point = place.moved(150, along: back + turn)
      if let zone, !zone.contains(point) { continue }
      if leadsToWorse(from: place, point, situation, but: threat) { continue }
      guard let navigator = situation.navigator else { return point }
      if let ground = navigator.nearestWalkable(to: point, within: 20) { return ground }
    }
    return place.moved(150, along: back)
  }
}

extension WorldModel {
  /// The place of the first attacker, or of the most urgent threat.
  var nearestDanger: Position? {
    if let row = attackers.first { return tracks[row].position }
    return threats.first.flatMap { track($0.id)?.position }
  }
}
