import Core
import WorldModel

// Stopgaps: enemies below the levels that are wished for, hunted while nobody better is in reach. To wait gives nothing
// at all; and where enemies come back to a bounded number of places, those who are never worth a fight end up standing
// on all of them.

extension BrainMemory {
  /// So long we look about before a stopgap is taken: some come and go at the edge of what is wished for.
  static let stopgapTicks = 30

  /// Takes note of whether somebody who is wished for is in reach, after all in reach were looked at.
  mutating func noteWished(_ situation: Situation) {
    let isHunting =
      camp.map { situation.lore.camps[$0].zone == situation.zone } ?? false && !isResting && !isFarFromCamp
      && !situation.isThreatened && leader == nil
    if !isHunting || !pool.entries.isEmpty { lastWished = situation.tick }
  }

  /// Those below the levels that are wished for are hunted now.
  func takesStopgaps(at tick: Tick) -> Bool {
    pool.entries.isEmpty && tick - max(lastWished, lastEngaged ?? .start) >= Self.stopgapTicks
  }
}

/// Which enemies are too weak to teach us anything, by what their defeats gave; anew for every level of ours.
struct Lessons: Sendable {
  private var level = 0
  /// So far below us nobody has given anything. Unit: levels above ours, so mostly negative.
  private var vain = Int.min
  /// The difference of the last defeat, when it gave nothing.
  private var doubted: Int?

  init() {}

  private init(level: Int) { self.level = level }

  /// Whoever is `difference` levels above us (negative: below) gives no experience.
  func isVain(_ difference: Int) -> Bool { difference <= vain }

  /// Two defeats in a row that give nothing are believed: of one, another may have had the better part.
  /// - Parameters:
  ///   - hasGained: experience came of the defeat of one `difference` levels above us.
  ///   - level: our own.
  mutating func note(_ difference: Int, hasGained: Bool, at level: Int) {
    if level != self.level { self = Lessons(level: level) }
    if hasGained {
      vain = min(vain, difference - 1)
      doubted = nil
    } else {
      if let doubted { vain = max(vain, min(doubted, difference)) }
      doubted = difference
    }
  }
}
