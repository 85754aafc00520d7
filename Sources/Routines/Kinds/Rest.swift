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
  /// The pet is healed before we sit down: a spell does in a moment what it needs minutes for.
  private var mending: Cast?
  private var mendedAt: Tick?

  /// Slots without any gain until resting is of no use.
  static let uselessSlots = 300
  static let limitSlots = 3600
  /// Slots between two looks for others, and how often we go elsewhere.
  static let lookSlots = 20
  static let movesMax = 6
  /// Slots between two heals of the pet: mana comes back meanwhile.
  static let mendSlots = 60

  init(untilHealth: Double, untilMana: Double) {
    self.untilHealth = untilHealth
    self.untilMana = untilMana
  }

  var phase: UInt8 { mending != nil ? 3 : refuge != nil ? 2 : settled == nil ? 0 : 1 }

  mutating func enter(_ context: RoutineContext, _ hands: inout Hands) {
    started = context.tick
    improved = context.tick
    healthAtStart = context.state.player.healthFraction
    best = sum(context)
  }

  mutating func tick(_ context: RoutineContext, _ hands: inout Hands) -> RoutineStep {
    let player = context.state.player
    guard let health = player.healthFraction else { return .failed(.stateUnknown) }
    if player.stand == .dead { return .failed(.died) }
    if context.isAttackedDirectly { return .failed(.threatened) }
    if isRecovered(health, context) { return .succeeded }
    if seekRefuge(context, &hands) { return context.tick - started > Self.limitSlots ? .failed(.timedOut) : .running }
    if mend(context, &hands) { return .running }
    if hands.take(posture: .sitting, context.state), settled == nil { settled = context.tick }
    let now = sum(context)
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
    guard walk.tick(to: goal, within: 5, clearOf: .all(except: nil), context, &hands) == .running else {
      refuge = nil
      nextLook = context.tick + Self.lookSlots
      return false
    }
    improved = context.tick
    return true
  }

  /// Heals a pet that is hurt; true while the cast is under way.
  private mutating func mend(_ context: RoutineContext, _ hands: inout Hands) -> Bool {
    if var cast = mending {
      let step = cast.tick(context, &hands)
      mending = step == .running ? cast : nil
      if step != .running { mendedAt = context.tick }
      return step == .running
    }
    guard let pet = context.model.petTrack?.health, let exit = context.kit?.thresholds.restPetExit, pet < exit - 0.15,
      mendedAt.map({ context.tick - $0 >= Self.mendSlots }) ?? true, let spell = context.mendSpell
    else { return false }
    mending = Cast(spell.id, context.tick, triesMax: 1)
    return true
  }

  /// Health and mana are back, and so is the pet's health, unless everything else is full.
  private func isRecovered(_ health: Double, _ context: RoutineContext) -> Bool {
    let mana = context.state.player.manaFraction ?? 1
    guard health >= untilHealth, mana >= untilMana else { return false }
    guard let pet = context.model.petTrack?.health, let thresholds = context.kit?.thresholds else {
      return true
    }
    return pet >= thresholds.restPetExit || (pet >= thresholds.petFit && health >= 0.99 && mana >= 0.99)
  }

  private func sum(_ context: RoutineContext) -> Double {
    (context.state.player.healthFraction ?? 0) + (context.state.player.manaFraction ?? 0)
      + (context.model.petTrack?.health ?? 0)
  }

  func combine(into hash: inout StableHash) {
    hash.combine(UInt64(phase))
    hash.combine(best)
    hash.combine(improved.slot)
    hash.combine(nextLook.slot)
    hash.combine(mendedAt?.slot ?? -1)
    if let mending { mending.combine(into: &hash) }
    walk.combine(into: &hash)
  }
}
