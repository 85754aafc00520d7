import Core
import Lore
import Perception

// What is done at a counter: sell, destroy, buy, deposit. Each line is typed once the one before has shown.

extension VisitVendor {
  mutating func sell(_ deal: Deal, _ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    guard context.state.merchant != nil else {
      state = .opening(at: nil, tries: 0)
      return .running
    }
    var deal = deal
    let wares = wares(context)
    switch deal.next(left: wares.count, tick: context.tick) {
    case .wait: break
    case .act:
      if hands.type(sellsAll(context) ? ClientCommands.sellAll : ClientCommands.sell(slot: wares[0].slot)) {
        deal.typed(context.tick)
      }
    case .finished, .gaveUp:
      if deal.done > 0 { hands.progress() }
      // Some things no merchant takes; that is no failure where something was sold.
      if deal.done == 0, !wares.isEmpty { verdict = .failed(.nothingGained) }
      state = .destroying(Deal())
      return .running
    }
    state = .selling(deal)
    return .running
  }

  mutating func destroy(_ deal: Deal, _ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    var deal = deal
    let rubbish = context.state.inventory.items.filter { context.lore.policy(for: $0.item) == .destroy }
    switch deal.next(left: rubbish.count, tick: context.tick) {
    case .wait: state = .destroying(deal)
    case .act:
      if hands.type(ClientCommands.destroy(slot: rubbish[0].slot)) { deal.typed(context.tick) }
      state = .destroying(deal)
    case .finished, .gaveUp: state = .buying(Deal())
    }
    return .running
  }

  mutating func buy(_ deal: Deal, _ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    var deal = deal
    let wishes = context.state.merchant.map { affordable($0, context) } ?? []
    // What is lacking grows less by what is bought; what could be bought, by the money that it takes.
    let lacking = wishes.isEmpty ? 0 : shortages(context).reduce(0) { $0 + $1.count }
    switch deal.next(left: lacking, tick: context.tick) {
    case .wait: break
    case .act:
      if hands.type(ClientCommands.buy(wishes[0].number, count: wishes[0].count)) { deal.typed(context.tick) }
    case .finished, .gaveUp:
      if deal.done > 0 { hands.progress() }
      if lacksReagent(context) { verdict = .failed(.reagentMissing) }
      if context.state.merchant != nil { hands.tap(.closeWindow) }
      state = .closing(since: context.tick)
      return .running
    }
    state = .buying(deal)
    return .running
  }

  mutating func deposit(_ deal: Deal, _ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    var deal = deal
    let keepsakes = keepsakes(context)
    switch deal.next(left: keepsakes.count, tick: context.tick) {
    case .wait: break
    case .act:
      if hands.type(ClientCommands.deposit(slot: keepsakes[0].slot)) { deal.typed(context.tick) }
    case .finished:
      hands.progress()
      return verdict
    case .gaveUp: return deal.done > 0 ? verdict : .failed(.nothingGained)
    }
    state = .depositing(deal)
    return .running
  }

  /// Stacks that the policy lets go and that can be sold.
  func wares(_ context: RoutineContext) -> [ItemStack] {
    context.state.inventory.items.filter { stack in
      guard let item = context.lore.item(stack.item), !item.isNoDrop, item.value > 0 else { return false }
      return context.lore.policy(for: stack.item) == .sell
    }
  }

  /// "Sell all" would take nothing that the policy keeps. It leaves food and reagents to us by itself.
  private func sellsAll(_ context: RoutineContext) -> Bool {
    for stack in context.state.inventory.items {
      guard let item = context.lore.item(stack.item), !item.isNoDrop, item.value > 0 else { continue }
      let isLeft = item.kind == "food" || item.kind == "reagent"
      if isLeft == (context.lore.policy(for: stack.item) == .sell) { return false }
    }
    return true
  }

  /// Stacks that belong into the bank.
  func keepsakes(_ context: RoutineContext) -> [ItemStack] {
    context.state.inventory.items.filter { context.lore.policy(for: $0.item) == .bank }
  }

  /// What runs low: the reagent of our pet, then what the policy keeps in stock.
  private func shortages(_ context: RoutineContext) -> [(item: ItemID, count: Int)] {
    func missing(_ item: ItemID, of stock: Int) -> (item: ItemID, count: Int)? {
      var have = 0
      for stack in context.state.inventory.items where stack.item == item { have += stack.count }
      return have < stock ? (item, stock - have) : nil
    }
    var shortages: [(item: ItemID, count: Int)] = []
    if let reagent = reagent(context), let short = missing(reagent, of: context.lore.policy.reagentStock) {
      shortages.append(short)
    }
    for (item, stock) in context.lore.policy.stock.sorted(by: { $0.key < $1.key }) {
      if let short = missing(item, of: stock) { shortages.append(short) }
    }
    return shortages
  }

  /// The wares that we lack, as many as the money may buy; prices show only in what is taken, so a piece is reckoned
  /// at three times its worth.
  private func affordable(
    _ window: MerchantWindow, _ context: RoutineContext
  ) -> [(number: Int, count: Int)] {
    var money = context.state.player.money ?? 0
    var wishes: [(number: Int, count: Int)] = []
    for short in shortages(context) {
      guard let ware = window.wares.first(where: { $0.item == short.item }) else { continue }
      let price = max(1, (context.lore.item(short.item)?.value ?? 1) * 3)
      let count = min(short.count, money / price)
      guard count > 0 else { continue }
      money -= count * price
      wishes.append((ware.slot + 1, count))
    }
    return wishes
  }

  private func reagent(_ context: RoutineContext) -> ItemID? {
    let loadout = context.kit?.loadout(level: context.state.player.level ?? 1)
    return loadout?.pet.flatMap { context.lore.spell($0)?.reagent }
  }

  /// None of our reagent is left although there is money: this merchant has none.
  private func lacksReagent(_ context: RoutineContext) -> Bool {
    guard let reagent = reagent(context), !context.has(reagent), let item = context.lore.item(reagent) else {
      return false
    }
    return (context.state.player.money ?? 0) >= item.value * 3
  }
}
