import Core
import Learning
import Lore
import WorldModel

/// The fifteen factors of a candidate's worth, each in points before weighting; lane 15 is not used.
struct TargetFactors: Hashable, Sendable {
  enum Factor: Int, CaseIterable, Sendable {
    case con, resource, distance, isolation, socialAdd, campProximity, movement, caster, lootValue, spatialHeat
    case learnedEfficiency, paretoEfficiency, paretoSafety, paretoResource, paretoAccessibility
  }

  var points = SIMD16<Double>(repeating: 0)
  /// The best way to a target: where a fight begins from afar, somewhat off; for blows, none. Unit: world units.
  var bestDistance = 60.0

  /// No points at all.
  init() {}

  static let defaultWeights = SIMD16<Double>(repeating: 1)

  subscript(factor: Factor) -> Double {
    get { points[factor.rawValue] }
    set { points[factor.rawValue] = newValue }
  }

  /// - Parameters:
  ///   - heat: how good the place has been. Range: `0.5...1.5`.
  ///   - loot: what such a corpse has been worth. Unit: copper; 0 when unknown.
  init(
    _ track: Track, _ situation: Situation, camp: Camp?, belief: EncounterBelief? = nil, heat: Double = 1,
    loot: Double = 0
  ) {
    self[.con] =
      switch track.con {
      case .white: 100
      case .blue: 75
      case .lightBlue: 35
      case .yellow: 20
      case .green: 5
      case .red: 0
      }
    self[.resource] = 40 * (situation.mana ?? 1)
    if situation.kit?.pullMode == .body { bestDistance = 0 }
    setDistance(track.distance)
    self[.isolation] = 50 * power(1 / (1 + Double(track.neighbours)), 0.7)
    self[.socialAdd] = -30 * Double(track.kin)
    if let camp {
      let away = camp.center.horizontalDistance(to: track.position)
      self[.campProximity] =
        30 * ResponseCurve.logistic(mid: camp.radius, steepness: -0.04).desire(away) - 0.1
        * max(0, away - camp.radius)
    }
    let speed = track.velocity.horizontalLength
    self[.movement] = speed > 2 ? -15 : 0
    // What walks towards us saves the way; what walks off costs it.
    if speed > 2, let place = situation.position {
      let turn = abs(
        Heading(alongX: track.velocity.x, y: track.velocity.y).turn(to: track.position.heading(to: place)))
      if turn > 160 { self[.movement] = -30 }
    }
    if situation.lore.isCaster(classID: Int(track.classID)) { self[.caster] = -25 }
    self[.lootValue] = min(30, 0.05 * max(0, loot))
    // The heat moves the score by at most a tenth of an even match.
    self[.spatialHeat] = 20 * (heat - 1)
    if let seconds = belief?.seconds.mean {
      self[.learnedEfficiency] = seconds < 20 ? 10 : seconds > 40 ? -10 : 0
    }
  }

  /// - Parameter units: the way to it; straight until the navigator has been asked.
  mutating func setDistance(_ units: Double) {
    let offset = (units - bestDistance) / 100
    self[.distance] = 30 * exponential(-offset * offset / 2) - 0.1 * max(0, units - 100)
  }

  func score(_ weights: SIMD16<Double>) -> Double { max(0, (points * weights).sum()) }
}
