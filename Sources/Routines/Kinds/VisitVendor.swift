import Core
import Lore
import Perception

/// Walks to a merchant, opens his window, sells what the policy lets go, buys what runs low, closes; goes on to
/// another merchant of the place for a reagent that this one has not, and to a banker with what is to be kept there.
struct VisitVendor: Routine {
  enum State: Sendable {
    case walking
    case targeting(TakeTarget)
    case opening(at: Tick?, tries: Int)
    case selling(Deal)
    case destroying(Deal)
    case buying(Deal)
    case closing(since: Tick)
    case toBanker(Vendor)
    case greeting(TakeTarget)
    case depositing(Deal)
  }

  let merchant: EntityID?
  let place: Position
  var state: State = .walking
  private var walk = CarefulWalk()
  private var chosen: EntityID?
  private var started: Tick = .start
  var verdict: RoutineStep = .succeeded
  /// Merchants of this place whom we have seen, by name.
  private var seen: [FixedName] = []
  /// Where to go next.
  private var goal: Position

  static let reach = 8.0
  static let limitSlots = 3000
  static let windowSlots = 15
  static let triesMax = 3
  /// Merchants and bankers further away are another errand. Unit: world units.
  static let quarter = 900.0

  init(merchant: EntityID?, at place: Position) {
    self.merchant = merchant
    self.place = place
    goal = place
  }

  var phase: UInt8 {
    switch state {
    case .walking: 0
    case .targeting: 1
    case .opening: 2
    case .selling: 3
    case .destroying: 4
    case .buying: 5
    case .closing: 6
    case .toBanker: 7
    case .greeting: 8
    case .depositing: 9
    }
  }

  /// At the counter: who leaves now comes back soon.
  var isLocked: Bool {
    switch state {
    case .walking, .targeting, .toBanker, .greeting: false
    case .opening, .selling, .destroying, .buying, .closing, .depositing: true
    }
  }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    if context.state.player.stand == .dead { return .failed(.died) }
    guard context.tick - started < Self.limitSlots else { return .failed(.timedOut) }
    switch state {
    case .walking: return approach(context, &hands)
    case .targeting(var take):
      let step = take.tick(context, &hands)
      state = .targeting(take)
      if step == .done { state = .opening(at: nil, tries: 0) }
      return step.running
    case .opening(let at, let tries): return open(at, tries, context, &hands)
    case .selling(let deal): return sell(deal, context, &hands)
    case .destroying(let deal): return destroy(deal, context, &hands)
    case .buying(let deal): return buy(deal, context, &hands)
    case .closing(let since):
      let isOpen = context.state.merchant != nil
      if isOpen, context.tick - since < Self.windowSlots { return .running }
      return goOn(context)
    case .toBanker(let banker): return walkToBanker(banker, context, &hands)
    case .greeting(var take):
      let step = take.tick(context, &hands)
      state = .greeting(take)
      if step == .done { state = .depositing(Deal()) }
      return step.running
    case .depositing(let deal): return deposit(deal, context, &hands)
    }
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    switch state {
    case .walking, .targeting, .opening, .destroying, .toBanker, .greeting: false
    case .selling: wares(context).isEmpty
    case .buying, .closing, .depositing: verdict == .succeeded
    }
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    if context.state.merchant != nil, ending == .interrupted { hands.tap(.closeWindow) }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(UInt64(chosen?.raw ?? 0))
    hash.combine(seen.count)
    walk.combine(into: &hash)
    switch state {
    case .opening(let at, let tries):
      hash.combine(at?.slot ?? -1)
      hash.combine(tries)
    case .selling(let deal), .destroying(let deal), .buying(let deal), .depositing(let deal):
      deal.combine(into: &hash)
    case .targeting(let take), .greeting(let take): take.combine(into: &hash)
    case .walking, .closing, .toBanker: break
    }
  }
}

extension TaskStep {
  /// The same for a routine that goes on after the task.
  var running: RoutineStep {
    if case .failed(let failure) = self { .failed(failure) } else { .running }
  }
}

extension VisitVendor {
  private mutating func approach(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    let found = (seen.isEmpty ? merchant.flatMap(context.spawn) : nil) ?? nearest(context)
    switch walk.tick(to: found?.position ?? goal, within: Self.reach, context, &hands) {
    case .running: break
    case .failed(let failure): return .failed(failure)
    case .done:
      guard let found else { return .failed(.targetGone) }
      chosen = found.id
      seen.append(found.name)
      state = .targeting(TakeTarget(found.id))
    }
    return .running
  }

  /// The merchant that stands nearest to where we go.
  private func nearest(_ context: RoutineContext) -> Spawn? {
    var best: (spawn: Spawn, distance: Double)?
    context.onScan?(context.state.spawns.count)
    for spawn in context.state.spawns where spawn.kind == .npc && !spawn.isDown {
      guard context.model.track(spawn.id)?.policy == .vendor else { continue }
      let distance = spawn.position.horizontalDistance(to: goal)
      if distance < 60, distance < best?.distance ?? .infinity { best = (spawn, distance) }
    }
    return best?.spawn
  }

  private mutating func open(
    _ at: Tick?, _ tries: Int, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    if context.state.merchant != nil {
      hands.progress()
      state = .selling(Deal())
      return .running
    }
    if let at, context.tick - at < Self.windowSlots { return .running }
    guard tries < Self.triesMax else { return .failed(.windowDidNotOpen) }
    guard hands.take(posture: .standing, context.state) else { return .running }
    hands.tap(.openLoot)
    state = .opening(at: context.tick, tries: tries + 1)
    return .running
  }

  /// The window is closed: to another merchant, to the banker, or home.
  private mutating func goOn(_ context: RoutineContext) -> RoutineStep {
    let zone = context.state.zone.flatMap(context.lore.zone)
    if verdict == .failed(.reagentMissing), seen.count < 4,
      let other = zone?.vendors.first(where: { vendor in
        !seen.contains(vendor.name) && vendor.at.horizontalDistance(to: place) < Self.quarter
      })
    {
      verdict = .succeeded
      goal = other.at
      return go(.walking)
    }
    guard !keepsakes(context).isEmpty,
      let banker = zone?.bankers.first(where: { $0.at.horizontalDistance(to: place) < Self.quarter })
    else { return verdict }
    return go(.toBanker(banker))
  }

  private mutating func go(_ next: State) -> RoutineStep {
    walk = CarefulWalk()
    state = next
    return .running
  }

  private mutating func walkToBanker(
    _ banker: Vendor, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    let found = context.state.spawns.first {
      $0.kind == .npc && $0.name == banker.name && $0.position.horizontalDistance(to: banker.at) < 60
    }
    switch walk.tick(to: found?.position ?? banker.at, within: Self.reach, context, &hands) {
    case .running: break
    case .failed(let failure): return .failed(failure)
    case .done:
      guard let found else { return .failed(.targetGone) }
      state = .greeting(TakeTarget(found.id))
    }
    return .running
  }
}
