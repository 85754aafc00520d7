import Core

/// How half an hour went, in seven grades of a hundred points together.
public struct Scorecard: Hashable, Sendable {
  public var seconds = 0.0
  public var defeats = 0
  public var deaths = 0
  public var flees = 0
  public var pulls = 0
  public var pullsDone = 0
  public var fightingSeconds = 0.0
  public var stuck = 0
  public var casts = 0
  public var taps = 0
  public var targetsTaken = 0

  public static let windowSeconds = 1800.0

  public init() {}

  /// A grade with the most it can give.
  public struct Grade: Hashable, Sendable {
    public var name: String
    public var points: Double
    public var most: Double
  }

  public var grades: [Grade] {
    let hours = max(1.0 / 60, seconds / 3600)
    func part(_ value: Double, from low: Double, to high: Double) -> Double {
      min(1, max(0, (value - low) / (high - low)))
    }
    let perDefeat = Double(casts) / Double(max(1, defeats))
    let perTarget = Double(taps) / Double(max(1, targetsTaken))
    return [
      Grade(name: "defeats", points: 25 * part(Double(defeats) / hours, from: 5, to: 120), most: 25),
      Grade(
        name: "survival", points: 20 * max(0, 1 - (0.7 * Double(deaths) + 0.05 * Double(flees)) / hours), most: 20),
      Grade(name: "pulls", points: pulls > 0 ? 15 * Double(pullsDone) / Double(pulls) : 0, most: 15),
      Grade(name: "uptime", points: 15 * part(fightingSeconds / max(1, seconds), from: 0.2, to: 0.6), most: 15),
      Grade(name: "pathing", points: 10 * (1 - part(Double(stuck) / hours, from: 0, to: 10)), most: 10),
      Grade(name: "mana", points: 10 * (1 - part(perDefeat, from: 1.5, to: 6)), most: 10),
      Grade(name: "targeting", points: 5 * (1 - part(perTarget, from: 1, to: 5)), most: 5),
    ]
  }

  /// Range: `0...100`.
  public var total: Double { grades.reduce(0) { $0 + $1.points } }
}

/// What the scorecard may turn.
public struct TunedParameters: Hashable, Sendable {
  /// Factor of the camp's radius. Range: `0.5...1.5`.
  public var roam = 1.0
  /// Added to the policy's limit on one kind together. Range: `-1...2`.
  public var social = 0
  /// 0 spends freely; 1 and 2 begin no fight below ever more mana. Range: `0...2`.
  public var thrift = 0

  public init() {}

  mutating func clamp() {
    roam = roam.isFinite ? min(1.5, max(0.5, roam)) : 1
    social = min(2, max(-1, social))
    thrift = min(2, max(0, thrift))
  }
}

/// Turns one parameter per window, and keeps the change only if the window after it was not worse.
public struct ScorecardTuner: Hashable, Sendable {
  public private(set) var parameters = TunedParameters()
  public private(set) var kept = 0
  public private(set) var undone = 0
  private var before: TunedParameters?
  private var scoreBefore: Double?
  private var turn = 0

  /// A window may be so much worse by chance. Unit: points of a hundred.
  static let tolerance = 1.0

  public init() {}

  /// A window has ended; the parameters may change.
  public mutating func finish(_ card: Scorecard) {
    let score = card.total
    if let before, let scoreBefore {
      if score + Self.tolerance < scoreBefore {
        parameters = before
        undone += 1
        // The window belonged to the change that is undone: the earlier score stands.
        self.before = nil
        return
      }
      kept += 1
    }
    before = parameters
    scoreBefore = score
    propose(card)
    if parameters == before { before = nil }
  }

  private mutating func propose(_ card: Scorecard) {
    let hours = max(1.0 / 60, card.seconds / 3600)
    turn += 1
    switch turn % 3 {
    case 1: parameters.roam += Double(card.defeats) / hours < 80 ? 0.15 : -0.05
    case 2: parameters.social += Double(card.deaths) / hours > 0.5 || Double(card.flees) / hours > 4 ? -1 : 1
    default: parameters.thrift += Double(card.casts) / Double(max(1, card.defeats)) > 4 ? 1 : -1
    }
    parameters.clamp()
  }

  /// For the store.
  var numbers: [Double] {
    [
      parameters.roam, Double(parameters.social), Double(parameters.thrift), Double(kept), Double(undone),
      Double(turn),
    ]
  }

  /// An experiment under way begins anew.
  mutating func restore(numbers: [Double]) {
    let whole = numbers.map { Int(exactly: $0.rounded()) ?? -1 }
    guard numbers.count == 6, whole[3] >= 0, whole[4] >= 0, whole[5] >= 0 else { return }
    parameters.roam = numbers[0]
    parameters.social = whole[1]
    parameters.thrift = whole[2]
    parameters.clamp()
    kept = whole[3]
    undone = whole[4]
    turn = whole[5]
  }

  public func combine(into hash: inout StableHash) {
    hash.combine(parameters.roam)
    hash.combine(parameters.social << 8 | parameters.thrift)
    hash.combine(kept << 16 | undone)
  }
}
