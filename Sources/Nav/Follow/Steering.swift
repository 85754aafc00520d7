/// What to do with the keys this tick to stay on the path.
public struct Steering: Hashable, Sendable {
  /// How far to turn now. Unit: 512ths of a turn, positive clockwise (right). 0 within the dead zone.
  public var turn: Double
  /// Walk forward this tick, while turning if `turn` is not 0.
  public var isWalking: Bool
  /// How long to walk this tick: `Tick.milliseconds` is "keep the key down", less is a timed press that ends on the
  /// corner or on the goal. Unit: milliseconds. Range: `0...100`.
  public var walkMilliseconds: Int
  /// The path's end is reached.
  public var hasArrived: Bool
  /// What is left of the path. Unit: world units.
  public var remaining: Double
  /// What to try against being stuck; `none` while all goes well.
  public var stuck: StuckStep
  /// Why `stuck` is not `none`.
  public var reason: StuckReason
  /// The passage that lies right ahead (press "use" at a door, wait for a lift); nil for plain walking.
  public var link: FloorLink.Kind?

  public init(
    turn: Double = 0, walkMilliseconds: Int = 0, hasArrived: Bool = false, remaining: Double = 0,
    stuck: StuckStep = .none, reason: StuckReason = .none, link: FloorLink.Kind? = nil
  ) {
    self.turn = turn
    isWalking = walkMilliseconds > 0
    self.walkMilliseconds = walkMilliseconds
    self.hasArrived = hasArrived
    self.remaining = remaining
    self.stuck = stuck
    self.reason = reason
    self.link = link
  }
}

/// The stuck ladder, lowest first: each step is tried for its own patience, then the next.
public enum StuckStep: UInt8, CaseIterable, Comparable, Sendable, Codable {
  case none, jump, strafeLeft, strafeRight, backUp
  /// Search again, from here, with the bad place as danger.
  case replan
  /// Nothing helped: the routine fails with `stuck`.
  case giveUp

  public static func < (left: StuckStep, right: StuckStep) -> Bool { left.rawValue < right.rawValue }
  public var name: String { String(describing: self) }
}

/// Why the follower calls itself stuck.
public enum StuckReason: UInt8, CaseIterable, Sendable, Codable {
  case none
  /// Forward is held, the position stays.
  case notMoving
  /// It moves, but comes no nearer to the end.
  case noProgress
  /// The corridor is left further than it should be.
  case offPath
  /// The heading does not follow the turn keys.
  case notTurning

  public var name: String { String(describing: self) }
}
