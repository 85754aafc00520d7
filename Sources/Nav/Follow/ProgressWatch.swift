import Core

/// Judges whether walking gets anywhere, and climbs the stuck ladder while it does not.
public struct ProgressWatch: Hashable, Sendable {
  /// What to try now.
  public private(set) var step = StuckStep.none
  public private(set) var reason = StuckReason.none
  /// Since when it is stuck.
  public private(set) var since: Tick?

  private var best = Double.infinity
  private var bestTick: Tick?
  private var anchor: Position?
  private var anchorTick: Tick?
  private var stepTick: Tick?
  private var anchorHeading = Heading.north
  private var headingTick: Tick?
  private var lastTick: Tick?

  /// What counts as having moved, and as having come nearer. Unit: world units.
  private static let moved = 1.0
  private static let gained = 1.5
  /// Coming nearer by so much while the ladder is climbed ends it.
  private static let freed = 4.0

  public init() {}

  /// A new path: what was left of the old one says nothing; the ladder keeps its step.
  mutating func restart() {
    best = .infinity
    bestTick = nil
    anchor = nil
    anchorTick = nil
    stepTick = nil
    headingTick = nil
    if step == .giveUp { step = .replan }
  }

  mutating func note(
    position: Position, remaining: Double, heading: Heading, turn: Double, isWalking: Bool, tick: Tick,
    offPath: Double, style: FollowerStyle
  ) {
    // Walking was left off for a while: what was before says nothing.
    if let lastTick, tick - lastTick > 3 { restart() }
    lastTick = tick
    let isNearer = remaining < best - (step == .none ? Self.gained : Self.freed)
    if isNearer || bestTick == nil {
      if bestTick != nil { clear() }
      best = remaining
      bestTick = tick
    }
    if let place = anchor, position.horizontalDistance(to: place) < Self.moved {
      if !isWalking, step == .none { anchorTick = tick }
    } else {
      anchor = position
      anchorTick = tick
    }
    if abs(turn) <= style.turnInPlaceAbove || abs(heading.turn(to: anchorHeading)) > 4 || headingTick == nil {
      anchorHeading = heading
      headingTick = tick
    }
    climb(fault(offPath: offPath, tick: tick, style: style), tick: tick, style: style)
  }

  private func fault(offPath: Double, tick: Tick, style: FollowerStyle) -> StuckReason {
    if let anchorTick, tick - anchorTick >= style.movePatience { return .notMoving }
    if let headingTick, tick - headingTick >= style.movePatience * 2 { return .notTurning }
    if offPath > style.corridor { return .offPath }
    if let bestTick, tick - bestTick >= style.progressPatience { return .noProgress }
    return .none
  }

  /// One step up when there is a fault and the current step has had its time.
  private mutating func climb(_ fault: StuckReason, tick: Tick, style: FollowerStyle) {
    if step != .none {
      guard let stepTick else {
        self.stepTick = tick
        return
      }
      guard tick - stepTick >= style.stepPatience, step != .giveUp else { return }
    } else {
      guard fault != .none else { return }
      since = tick
    }
    // Off the path, no key helps: search again at once. Steps of the ladder themselves lead off it.
    let isOff = fault == .offPath && step == .none
    if step == .none { reason = fault }
    step = isOff ? .replan : StuckStep(rawValue: step.rawValue + 1) ?? .giveUp
    stepTick = tick
  }

  private mutating func clear() {
    step = .none
    reason = .none
    since = nil
    stepTick = nil
  }
}
