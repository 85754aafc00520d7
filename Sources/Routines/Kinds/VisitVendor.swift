import Core
import Lore
import Perception

/// Walks to a merchant, opens his window, sells what the policy lets go, buys reagents back up, closes.
struct VisitVendor: Routine {
  enum State: Sendable {
    case walking
    case targeting(TakeTarget)
    case opening(at: Tick?, tries: Int)
    case selling(at: Tick?, tries: Int, money: Int)
    case buying(at: Tick?, tries: Int)
    case closing(since: Tick)
  }

  let merchant: EntityID?
  let place: Position
  private var state: State = .walking
  private var walk = Walk()
  private var chosen: EntityID?
  private var started: Tick = .start
  private var verdict: RoutineStep = .succeeded

  static let reach = 8.0
  static let limitSlots = 1800
  static let windowSlots = 15
  static let lineSlots = 40
  static let triesMax = 3

  init(merchant: EntityID?, at place: Position) {
    self.merchant = merchant
    self.place = place
  }

  var phase: UInt8 {
    switch state {
    case .walking: 0
    case .targeting: 1
    case .opening: 2
    case .selling: 3
    case .buying: 4
    case .closing: 5
    }
  }

  /// At the counter: who leaves now comes back soon.
  var isLocked: Bool {
    switch state {
    case .walking, .targeting: false
    case .opening, .selling, .buying, .closing: true
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
      switch step {
      case .running: break
      case .failed(let failure): return .failed(failure)
      case .done: state = .opening(at: nil, tries: 0)
      }
      return .running
    case .opening(let at, let tries): return open(at, tries, context, &hands)
    case .selling(let at, let tries, let money): return sell(at, tries, money, context, &hands)
    case .buying(let at, let tries): return buy(at, tries, context, &hands)
    case .closing(let since):
      let isOpen = context.state.merchant != nil
      return isOpen && context.tick - since < Self.windowSlots ? .running : verdict
    }
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    switch state {
    case .walking, .targeting, .opening: false
    case .selling: sellableCount(context) == 0
    case .buying, .closing: verdict == .succeeded
    }
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    if context.state.merchant != nil, ending == .interrupted { hands.tap(.closeWindow) }
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(UInt64(chosen?.raw ?? 0))
    walk.combine(into: &hash)
    switch state {
    case .opening(let at, let tries), .buying(let at, let tries), .selling(let at, let tries, _):
      hash.combine(at?.slot ?? -1)
      hash.combine(tries)
    case .walking, .targeting, .closing: break
    }
  }
}

extension VisitVendor {
  private mutating func approach(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    let found = merchant.flatMap(context.spawn) ?? nearest(context)
    switch walk.tick(to: found?.position ?? place, within: Self.reach, context, &hands) {
    case .running: break
    case .failed(let failure): return .failed(failure)
    case .done:
      guard let found else { return .failed(.targetGone) }
      chosen = found.id
      state = .targeting(TakeTarget(found.id))
    }
    return .running
  }

  /// The merchant that stands nearest to the known place.
  private func nearest(_ context: RoutineContext) -> Spawn? {
    var best: (spawn: Spawn, distance: Double)?
    for spawn in context.state.spawns where spawn.kind == .npc && !spawn.isDown {
      guard context.model.track(spawn.id)?.policy == .vendor else { continue }
      let distance = spawn.position.horizontalDistance(to: place)
      if distance < 60, distance < best?.distance ?? .infinity { best = (spawn, distance) }
    }
    return best?.spawn
  }

  private mutating func open(
    _ at: Tick?, _ tries: Int, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    if context.state.merchant != nil {
      hands.progress()
      state = .selling(at: nil, tries: 0, money: context.state.player.money ?? 0)
      return .running
    }
    if let at, context.tick - at < Self.windowSlots { return .running }
    guard tries < Self.triesMax else { return .failed(.windowDidNotOpen) }
    guard hands.take(posture: .standing, context.state) else { return .running }
    hands.tap(.openLoot)
    state = .opening(at: context.tick, tries: tries + 1)
    return .running
  }

  private mutating func sell(
    _ at: Tick?, _ tries: Int, _ money: Int, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard context.state.merchant != nil else {
      state = .opening(at: nil, tries: 0)
      return .running
    }
    let isSold = sellableCount(context) == 0
    let waited = at.map { context.tick - $0 >= Self.lineSlots } ?? true
    if isSold || (waited && tries >= 2) {
      let hasGained = (context.state.player.money ?? 0) > money
      if hasGained { hands.progress() }
      // Some things no merchant takes in one go; that is no failure where something was sold.
      if !isSold, !hasGained { verdict = .failed(.nothingGained) }
      state = .buying(at: nil, tries: 0)
      return .running
    }
    if waited, hands.type(ClientCommands.sellAll) {
      state = .selling(at: context.tick, tries: tries + 1, money: money)
    }
    return .running
  }

  private mutating func buy(
    _ at: Tick?, _ tries: Int, _ context: RoutineContext, _ hands: inout Hands
  ) -> RoutineStep {
    guard let window = context.state.merchant else { return verdict }
    if let at, context.tick - at < Self.lineSlots { return .running }
    guard tries < Self.triesMax, let wish = shortage(window, context) else {
      hands.tap(.closeWindow)
      state = .closing(since: context.tick)
      return .running
    }
    if hands.type(ClientCommands.buy(wish.number, count: wish.count)) {
      state = .buying(at: context.tick, tries: tries + 1)
    }
    return .running
  }

  /// Stacks that the policy lets go and that can be sold.
  private func sellableCount(_ context: RoutineContext) -> Int {
    var count = 0
    for stack in context.state.inventory.items {
      guard let item = context.lore.item(stack.item), !item.isNoDrop, item.value > 0 else { continue }
      if context.lore.policy(for: stack.item) == .sell { count += 1 }
    }
    return count
  }

  /// A reagent of our pet spell that runs low and that this merchant has.
  private func shortage(_ window: MerchantWindow, _ context: RoutineContext) -> (number: Int, count: Int)? {
    let loadout = context.kit?.loadout(level: context.state.player.level ?? 1)
    guard let pet = loadout?.pet, let reagent = context.lore.spell(pet)?.reagent else { return nil }
    var have = 0
    for stack in context.state.inventory.items where stack.item == reagent { have += stack.count }
    let missing = context.lore.policy.reagentStock - have
    guard missing > 0, let ware = window.wares.first(where: { $0.item == reagent }) else { return nil }
    return (ware.slot + 1, missing)
  }
}
