import Core
import Perception
import Telemetry

/// Sits until health and mana are back, out of the sight of others; stands up when it ends, however it ends.
struct Rest: Routine {
  let untilHealth: Double
  let untilMana: Double
  private var started: Tick = .start
  private var best = 0.0
  private var improved: Tick = .start
  private var healthAtStart: Double?
  private var settled: Tick?
  /// Where nobody notices us, when somebody does here; and when to look about again.
  private var refuge: Position?
  private var walk = Walk()
  private var nextLook: Tick = .start
  private var moves = 0

  /// Slots without any gain until resting is of no use.
  static let uselessSlots = 300
  static let limitSlots = 3600
  /// Slots between two looks for others, and how often we go elsewhere.
  static let lookSlots = 20
  static let movesMax = 6

  init(untilHealth: Double, untilMana: Double) {
    self.untilHealth = untilHealth
    self.untilMana = untilMana
  }

  var phase: UInt8 { refuge != nil ? 2 : settled == nil ? 0 : 1 }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    improved = context.tick
    healthAtStart = context.state.player.healthFraction
    best = sum(context.state.player)
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    let player = context.state.player
    guard let health = player.healthFraction else { return .failed(.stateUnknown) }
    if player.stand == .dead { return .failed(.died) }
    if context.isAttackedDirectly { return .failed(.threatened) }
    if isRecovered(health, context) { return .succeeded }
    if seekRefuge(context, &hands) { return context.tick - started > Self.limitSlots ? .failed(.timedOut) : .running }
    if hands.take(posture: .sitting, context.state), settled == nil { settled = context.tick }
    let now = sum(player)
    if now > best + 0.004 {
      best = now
      improved = context.tick
      hands.progress()
    }
    if context.tick - improved > Self.uselessSlots || context.tick - started > Self.limitSlots {
      return .failed(.timedOut)
    }
    return .running
  }

  func isAchieved(_ context: RoutineContext) -> Bool {
    context.state.player.healthFraction.map { isRecovered($0, context) } ?? false
  }

  mutating func exit(_ context: RoutineContext, _ hands: inout Hands, ending: RoutineEnding) {
    hands.events.append(
      .restEnd(
        seconds: context.tick.seconds(since: started), health: context.state.player.healthFraction ?? 0,
        mana: context.state.player.manaFraction ?? 0))
  }

  /// Goes to where nobody notices us; true while it does. Walking is no rest: the time that gains nothing begins anew.
  private mutating func seekRefuge(_ context: RoutineContext, _ hands: inout Hands) -> Bool {
    if refuge == nil, context.tick >= nextLook, moves < Self.movesMax {
      nextLook = context.tick + Self.lookSlots
      refuge = context.refuge()
      if refuge != nil {
        moves += 1
        walk = Walk()
      }
    }
    guard let goal = refuge else { return false }
    guard walk.tick(to: goal, within: 5, danger: context.danger(towards: goal), context, &hands) == .running else {
      refuge = nil
      nextLook = context.tick + Self.lookSlots
      return false
    }
    improved = context.tick
    return true
  }

  /// Health and mana are back, and so is the pet's health, unless everything else is full.
  private func isRecovered(_ health: Double, _ context: RoutineContext) -> Bool {
    let mana = context.state.player.manaFraction ?? 1
    guard health >= untilHealth, mana >= untilMana else { return false }
    guard let pet = context.model.petTrack?.health, let exit = context.kit?.thresholds.restPetExit else {
      return true
    }
    return pet >= exit || (health >= 0.99 && mana >= 0.99)
  }

  private func sum(_ player: Player) -> Double {
    (player.healthFraction ?? 0) + (player.manaFraction ?? 0)
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(best)
    hash.combine(improved.slot)
    hash.combine(nextLook.slot)
    walk.combine(into: &hash)
  }
}
