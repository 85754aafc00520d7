import Core

/// Finds the cheapest sequence of actions by A* over packed states; its memory is kept between searches.
///
/// The heuristic is the dearest of the unmet goal atoms, each priced at the cheapest action that gives it: never more
/// than the true cost, so plans are optimal for the stated costs unless the budget ends the search.
struct Planner: Sendable {
  enum Result: Hashable, Sendable {
    /// Rows of actions in their order; empty when the goal holds already.
    case plan(cost: Double)
    case unreachable
    case outOfBudget
  }

  static let stepMax = 8
  static let nodeBudget = 500

  private(set) var steps: [Int] = []
  /// Nodes that the last search opened.
  private(set) var expanded = 0

  private var states: [UInt64] = []
  private var parents: [Int32] = []
  private var viaAction: [Int16] = []
  private var depths: [UInt8] = []
  private var costs: [Double] = []
  private var heap: [(key: Double, node: Int32)] = []
  private var atomPrice: [Double] = []
  /// Hash slots: generation of the search above, node below; old generations count as empty.
  private var slots: [UInt64] = []
  private var generation: UInt64 = 0

  init() {}

  /// Fills `steps` with the cheapest plan.
  /// - Parameter cost: of each action, in the order of `domain.actions`. Range: above 0; infinite leaves it out.
  mutating func search(
    _ domain: PlanDomain, from start: PlanState, to goal: PlanCondition, cost: [Double],
    nodeBudget: Int = Planner.nodeBudget
  ) -> Result {
    reset(domain, goal, cost)
    _ = open(start.bits, parent: -1, action: -1, depth: 0, cost: 0, goal: goal)
    while let node = pop() {
      let state = PlanState(bits: states[node])
      if goal.holds(in: state) {
        unwind(node)
        return .plan(cost: costs[node])
      }
      guard expanded < nodeBudget else { return .outOfBudget }
      expanded += 1
      guard depths[node] < Self.stepMax else { continue }
      for row in domain.actions.indices
      where cost[row].isFinite && domain.actions[row].precondition.holds(in: state) {
        let next = domain.actions[row].effect.applied(to: state)
        guard next != state else { continue }
        _ = open(
          next.bits, parent: node, action: row, depth: Int(depths[node]) + 1, cost: costs[node] + cost[row],
          goal: goal)
      }
    }
    return .unreachable
  }

  private mutating func reset(_ domain: PlanDomain, _ goal: PlanCondition, _ cost: [Double]) {
    steps.removeAll(keepingCapacity: true)
    states.removeAll(keepingCapacity: true)
    parents.removeAll(keepingCapacity: true)
    viaAction.removeAll(keepingCapacity: true)
    depths.removeAll(keepingCapacity: true)
    costs.removeAll(keepingCapacity: true)
    heap.removeAll(keepingCapacity: true)
    expanded = 0
    if slots.isEmpty {
      slots = [UInt64](repeating: 0, count: Self.slotCount)
      atomPrice = [Double](repeating: .infinity, count: 64)
    }
    generation += 1
    var rest = goal.mask
    while rest != 0 {
      let mask = rest & (0 &- rest)
      var price = Double.infinity
      for row in domain.actions.indices {
        let effect = domain.actions[row].effect
        if effect.mask & mask != 0, (effect.value ^ goal.value) & mask == 0 { price = min(price, cost[row]) }
      }
      atomPrice[mask.trailingZeroBitCount] = price
      rest &= rest - 1
    }
  }

  /// Depth counts in a node's identity: a dearer way with fewer steps may be the one that still fits.
  private static let slotCount = 16384

  private mutating func open(
    _ bits: UInt64, parent: Int, action: Int, depth: Int, cost: Double, goal: PlanCondition
  ) -> Bool {
    var slot = Int(mixed(bits &* 31 &+ UInt64(depth)) & UInt64(Self.slotCount - 1))
    while slots[slot] >> 32 == generation {
      let node = Int(slots[slot] & 0xFFFF_FFFF)
      if states[node] == bits, Int(depths[node]) == depth {
        guard cost < costs[node] else { return false }
        slots[slot] = generation << 32 | UInt64(states.count)
        return push(bits, parent: parent, action: action, depth: depth, cost: cost, goal: goal)
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    guard states.count < Self.slotCount / 2 else { return false }
    slots[slot] = generation << 32 | UInt64(states.count)
    return push(bits, parent: parent, action: action, depth: depth, cost: cost, goal: goal)
  }

  private mutating func push(
    _ bits: UInt64, parent: Int, action: Int, depth: Int, cost: Double, goal: PlanCondition
  ) -> Bool {
    states.append(bits)
    parents.append(Int32(parent))
    viaAction.append(Int16(action))
    depths.append(UInt8(depth))
    costs.append(cost)
    var rest = 0.0
    var unmet = (bits ^ goal.value) & goal.mask
    while unmet != 0 {
      rest = max(rest, atomPrice[unmet.trailingZeroBitCount])
      unmet &= unmet - 1
    }
    guard rest.isFinite else { return false }
    heap.append((cost + rest, Int32(states.count - 1)))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(heap[child], heap[parent]) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
    return true
  }

  /// Ties go to the older node, so that equal searches give equal plans.
  private func precedes(_ left: (key: Double, node: Int32), _ right: (key: Double, node: Int32)) -> Bool {
    left.key == right.key ? left.node < right.node : left.key < right.key
  }

  private mutating func pop() -> Int? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return Int(top.node) }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      let child = 2 * parent + 1
      if child < heap.count, precedes(heap[child], heap[least]) { least = child }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[least]) { least = child + 1 }
      guard least != parent else { return Int(top.node) }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private mutating func unwind(_ goal: Int) {
    var node = goal
    while parents[node] >= 0 {
      steps.append(Int(viaAction[node]))
      node = Int(parents[node])
    }
    steps.reverse()
  }
}

/// The planner over the agent's own domain with default costs, for measuring and for explanations.
public struct PlanSearch: Sendable {
  private var planner = Planner()
  private let costs = PlanDomain.standard.actions.map(\.cost)

  public init() {}

  /// Searches once. The actions found are in `actions`.
  /// - Returns: how many nodes were opened.
  public mutating func plan(from state: PlanState, to goal: PlanGoal) -> Int {
    _ = planner.search(.standard, from: state, to: goal.condition, cost: costs)
    return planner.expanded
  }

  /// What the last search found, in order; empty when it found nothing or nothing is to be done.
  public var actions: [PlanActionID] { planner.steps.map { PlanDomain.standard.actions[$0].id } }
}
