import Core

/// A way around an obstacle, one hand on it.
struct Detour: Hashable {
  /// Which way round: 1 right, -1 left, 0 straight on.
  var side: Int8 = 0
  var lastSide: Int8 = 0
  /// Eighths of a turn towards the wall since anything was felt there.
  var turned: Int8 = 0
  /// Unit vector of the last stretch.
  var x = 0.0
  var y = 0.0
  /// Distance to the goal where the way was barred; it ends where the goal is nearer.
  var from = 0.0
  /// Where the goal was then.
  var goalX = 0.0
  var goalY = 0.0
  /// Step at which the other way round is tried.
  var until = 0
  /// Step up to which an ended detour counts as not over.
  var recall = 0
}

// How NPCs and pets get around what stands in their way, without a map.
extension World {
  /// So long it keeps to one side, and so long it remembers that side afterwards. Unit: steps.
  private static let detourLongest = 240
  private static let detourMemory = 60
  /// How often it feels for the end of the wall. Unit: steps.
  private static let detourProbe = 3
  /// How much nearer than where it began a detour may end, and how far its goal may move on. Unit: world units.
  private static let detourGain = 2.0
  private static let detourShift = 15.0
  /// Directions by eighths of a turn: cosine and sine.
  private static let eighths: [(cosine: Double, sine: Double)] = {
    let r = 0.5.squareRoot()
    return [(1, 0), (r, r), (0, 1), (-r, r), (-1, 0), (-r, -r), (0, -1), (r, -r)]
  }()

  /// A stretch (dx, dy) of the way to the goal, which is `distance` away: straight on where that is open, else along
  /// the obstacle until the goal is nearer than where the obstacle was met and the way to it is open.
  ///
  /// Who flees has no goal to come nearer to: it goes straight on as soon as it can.
  mutating func goAround(
    _ slot: Int, _ dx: Double, _ dy: Double, to goal: Position, distance: Double, isFleeing: Bool
  ) {
    if minds[slot].detour.side != 0,
      abs(goal.x - minds[slot].detour.goalX) + abs(goal.y - minds[slot].detour.goalY) > Self.detourShift
    {
      endDetour(slot)
    }
    if minds[slot].detour.side == 0 {
      if walk(slot, dx, dy) { return }
      beginDetour(slot, dx, dy, goal, distance)
    } else if isFleeing || distance < minds[slot].detour.from - Self.detourGain, stride(slot, dx, dy) {
      endDetour(slot)
      return
    } else if stepIndex >= minds[slot].detour.until {
      minds[slot].detour.side = -minds[slot].detour.side
      minds[slot].detour.until = stepIndex + Self.detourLongest
      minds[slot].detour.from = distance
    }
    let pace = (dx * dx + dy * dy).squareRoot()
    let (x, y, side) = (minds[slot].detour.x, minds[slot].detour.y, Int(minds[slot].detour.side))
    // Towards the wall first, now and then; else on, and away from it.
    for turn in (stepIndex % Self.detourProbe == 0 ? -2 : 0)...4 {
      let (cosine, sine) = Self.eighths[(turn * -side) & 7]
      let (newX, newY) = (x * cosine - y * sine, x * sine + y * cosine)
      guard stride(slot, newX * pace, newY * pace) else {
        minds[slot].detour.turned = 0
        continue
      }
      minds[slot].detour.x = newX
      minds[slot].detour.y = newY
      minds[slot].detour.turned -= Int8(min(0, turn))
      // Around an edge it turns twice; three times with nothing at hand, and there is no wall any more.
      if minds[slot].detour.turned >= 6 { endDetour(slot) }
      return
    }
  }

  private mutating func beginDetour(_ slot: Int, _ dx: Double, _ dy: Double, _ goal: Position, _ distance: Double) {
    var (side, until) = (minds[slot].detour.lastSide, minds[slot].detour.until)
    if side == 0 || stepIndex >= minds[slot].detour.recall {
      side = (stepIndex / Self.detourLongest + slot) & 1 == 0 ? 1 : -1
      until = stepIndex + Self.detourLongest
    } else if stepIndex >= until {
      side = -side
      until = stepIndex + Self.detourLongest
    }
    let pace = max(1e-9, (dx * dx + dy * dy).squareRoot())
    minds[slot].detour = Detour(
      side: side, x: dx / pace, y: dy / pace, from: distance, goalX: goal.x, goalY: goal.y, until: until)
  }

  private mutating func endDetour(_ slot: Int) {
    minds[slot].detour.lastSide = minds[slot].detour.side
    minds[slot].detour.recall = stepIndex + Self.detourMemory
    minds[slot].detour.side = 0
  }

  /// Goes by (dx, dy) if most of that is open; stays otherwise. Sliding along a wall is not going.
  private mutating func stride(_ slot: Int, _ dx: Double, _ dy: Double) -> Bool {
    let start = entities[slot].position
    walk(slot, dx, dy)
    let way = entities[slot].position - start
    if way.x * dx + way.y * dy >= 0.8 * (dx * dx + dy * dy) { return true }
    entities[slot].position = start
    return false
  }
}
