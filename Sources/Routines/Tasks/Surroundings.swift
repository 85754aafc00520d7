import Core
import Lore
import Nav
import Perception
import WorldModel

// Who else is about: whoever may join a fight, and where to stand so that nobody does.

enum Elbow {
  /// Who stands further from us than this does not notice us. The widest eyes we know of reach 60. Unit: world units.
  static let room = 72.0
  /// Nearer than this somebody notices us soon.
  static let least = 60.0
  /// Casting takes so long; who comes is seen before. Unit: seconds.
  static let foresight = 3.0
  /// A step back, and how far from the enemy it may lead. Unit: world units.
  static let stride = 32.0
  /// Out of the way of one that comes for us.
  static let leap = 60.0
  static let reach = 104.0
}

extension RoutineContext {
  /// Units from `place` to the nearest being that may attack us of its own and does not yet, now or in a moment if it
  /// goes on as it goes; infinite without one.
  func clearance(at place: Position, except prey: EntityID? = nil) -> Double {
    onScan?(model.tracks.count)
    var nearest = Double.infinity
    for track in model.tracks where track.id != prey && model.mayAttack(track) {
      guard abs(track.position.z - place.z) < 60 else { continue }
      let next = track.position + track.velocity * Elbow.foresight
      nearest = min(
        nearest, track.position.horizontalDistance(to: place), next.horizontalDistance(to: place))
    }
    return nearest
  }

  /// How many of its kin are near enough to `prey` to help it when it is attacked, now or when the attack arrives there.
  func company(of prey: Spawn) -> Int {
    guard let track = model.track(prey.id) else { return 0 }
    onScan?(model.tracks.count)
    let seconds = min(Self.onsetSeconds, track.distance / Self.onsetPace)
    let next = track.position + track.velocity * seconds
    var count = 0
    for other in model.tracks where other.clan == track.clan && other.isLivingNPC && other.id != track.id {
      let there = other.position + other.velocity * seconds
      let apart = min(other.position.horizontalDistance(to: track.position), there.horizontalDistance(to: next))
      if apart <= other.helpReach { count += 1 }
    }
    return count
  }

  /// A pet runs so fast at least, and nobody's walk is foreseen for longer. Units: world units per second, seconds.
  private static let onsetPace = 25.0
  private static let onsetSeconds = 4.0

  /// Adds the surroundings of those beside the straight way to `goal` who may attack us, as danger for a search; none
  /// where the way is clear.
  func danger(towards goal: Position, except prey: EntityID?, into field: inout DangerField) {
    guard let place = state.player.position else { return }
    let way = place.horizontalDistance(to: goal)
    onScan?(model.tracks.count)
    for track in model.tracks where track.id != prey && track.distance < DangerAhead.sight && model.mayAttack(track) {
      let there = track.position.horizontalDistance(to: goal)
      // Nobody beside the way makes it longer by less than this to come by.
      guard track.distance + there < way + DangerAhead.detour || track.distance < DangerAhead.radius else { continue }
      field.zones.append(
        DangerZone(
          center: track.position, radius: DangerAhead.radius, falloff: DangerAhead.falloff, rate: DangerAhead.rate))
      if field.zones.count == DangerAhead.capacity { break }
    }
  }

  /// Where to stand, `reach` units from `prey`, so that nobody else notices us; the nearest of the best places.
  func stand(before prey: Position, reach: Double, except id: EntityID) -> Position? {
    guard let place = state.player.position else { return nil }
    let side = prey.horizontalDistance(to: place) > 1 ? prey.heading(to: place) : Heading.north
    var best: (place: Position, cost: Double)?
    for turn in Self.standTurns {
      let wish = prey.moved(reach, along: side + turn)
      guard let point = navigator.map({ $0.nearestWalkable(to: wish, within: 8) }) ?? wish else { continue }
      let lacking = max(0, Elbow.room + 15 - clearance(at: point, except: id))
      let cost = place.horizontalDistance(to: point) + 6 * lacking
      if cost < best?.cost ?? .infinity { best = (point, cost) }
    }
    return best?.place
  }

  private static let standTurns: [Double] = [0, 32, -32, 64, -64, 96, -96, 128, -128, 176, -176]

  /// A place to step back to from somebody who is about to notice us, from which `foe` can still be reached; nil where
  /// nobody is near, or no place is better.
  func retreat(from foe: Spawn) -> Position? {
    guard let place = state.player.position else { return nil }
    let now = clearance(at: place, except: foe.id)
    guard now < Elbow.least else { return nil }
    var best: (place: Position, worth: Double)?
    for turn in 0..<12 {
      let wish = place.moved(Elbow.stride, along: Heading(Double(turn) * 512 / 12))
      guard let point = navigator.map({ $0.nearestWalkable(to: wish, within: 5) }) ?? wish else { continue }
      let reach = point.distance(to: foe.position)
      guard reach > 20, reach < Elbow.reach else { continue }
      if let navigator {
        guard navigator.isWalkable(from: place, to: point), navigator.isVisible(from: point, to: foe.position) else {
          continue
        }
      }
      let worth = min(Elbow.room, clearance(at: point, except: foe.id))
      if worth > now + 8, worth > best?.worth ?? 0 { best = (point, worth) }
    }
    return best?.place
  }

  /// A place to run to from `foe`, the further from it the better, where nobody else notices us; nil where there is none.
  func wayOut(from foe: Spawn) -> Position? {
    guard let place = state.player.position else { return nil }
    let away = foe.position.horizontalDistance(to: place) > 1 ? foe.position.heading(to: place) : Heading.north
    var best: (place: Position, worth: Double)?
    for turn in Self.outTurns {
      let wish = place.moved(Elbow.leap, along: away + turn)
      guard let point = navigator.map({ $0.nearestWalkable(to: wish, within: 8) }) ?? wish else { continue }
      if let navigator, !navigator.isWalkable(from: place, to: point) { continue }
      guard clearance(at: point, except: foe.id) >= Elbow.least else { continue }
      let worth = point.horizontalDistance(to: foe.position)
      if worth > best?.worth ?? 0 { best = (point, worth) }
    }
    return best?.place
  }

  private static let outTurns: [Double] = [0, 40, -40, 80, -80, 120, -120]

  /// The nearest place around us where nobody notices us; nil where nobody does here, or no place is better.
  func refuge() -> Position? {
    guard let place = state.player.position else { return nil }
    let now = clearance(at: place)
    guard now < Elbow.least else { return nil }
    var best: (place: Position, worth: Double)?
    for reach in [40.0, 80, 130] {
      for turn in 0..<8 {
        let wish = place.moved(reach, along: Heading(Double(turn) * 64))
        guard let point = navigator.map({ $0.nearestWalkable(to: wish, within: 8) }) ?? wish else { continue }
        let worth = min(Elbow.room + 20, clearance(at: point)) - 0.1 * reach
        if worth > now + 12, worth > best?.worth ?? 0 { best = (point, worth) }
      }
      if best?.worth ?? 0 > Elbow.room { break }
    }
    return best?.place
  }
}
