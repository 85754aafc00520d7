import Core
import Lore
import WorldModel

/// Where to step when something deadly comes along: sideways of its course, on the side where we already are.
enum EvadePoint {
  static let step = 70.0

  static func choose(_ situation: Situation, place: Position, threat: Track) -> Position {
    let zone = situation.zone.flatMap(situation.lore.zone)
    let away = threat.position.heading(to: place)
    let isMoving = threat.velocity.horizontalLength > 1
    let course = isMoving ? Heading(alongX: threat.velocity.x, y: threat.velocity.y) : away
    let side = course.turn(to: away) < 0 ? -128.0 : 128
    let first = isMoving ? course + side : away
    for turn in [0.0, 48, -48, 96, -96] {
      let point = place.moved(step, along: first + turn)
      if let zone, !zone.contains(point) { continue }
      guard let navigator = situation.navigator else { return point }
      if let ground = navigator.nearestWalkable(to: point, within: 15) { return ground }
    }
    return place.moved(step, along: away)
  }
}
