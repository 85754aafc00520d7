import Core
import Lore
import Nav
import Perception
import WorldModel

/// What a routine sees in one tick; all of it frozen.
public struct RoutineContext: Sendable {
  public let state: GameState
  public let model: WorldModel
  public let lore: Lore
  /// Nil while the zone's terrain is not there: movement then goes in straight lines.
  public let navigator: Navigator?
  public let body: BodyProfile
  /// Chat lines since the tick before.
  public let chat: [FixedText]
  public let advice: FightAdvice
  /// What the others of our party tell of themselves.
  public let peers: [PeerNote]
  /// Whoever travels keeps out of others' sight. Only experiments say false.
  public let isWary: Bool
  /// For measurements: told how many entities are looked through, each time that all are.
  public let onScan: (@Sendable (_ entities: Int) -> Void)?

  public init(
    state: GameState, model: WorldModel, lore: Lore, navigator: Navigator?, body: BodyProfile,
    chat: [FixedText] = [], advice: FightAdvice = .none, peers: [PeerNote] = [], isWary: Bool = true,
    onScan: (@Sendable (_ entities: Int) -> Void)? = nil
  ) {
    self.state = state
    self.model = model
    self.lore = lore
    self.navigator = navigator
    self.body = body
    self.chat = chat
    self.advice = advice
    self.peers = peers
    self.isWary = isWary
    self.onScan = onScan
  }

  public var tick: Tick { state.tick }

  /// What we have more than then, in copper; 0 when that is unknown.
  func coins(since before: Int?) -> Int {
    guard let before, let now = state.player.money, now > before, before >= 0 else { return 0 }
    return now - before
  }

  /// The entity is one of our party's characters, or the pet of one.
  func isPeer(_ id: EntityID) -> Bool {
    for peer in peers where peer.id == id || peer.pet == id { return true }
    return false
  }
}

/// How the environment's body answers to its keys.
public struct BodyProfile: Hashable, Sendable {
  /// 512ths per second while a turn key is down. Range: `1...`.
  public var turnRate: Double
  /// Units per second while the forward key is down. Range: `0.1...`.
  public var runSpeed: Double

  public init(turnRate: Double, runSpeed: Double) {
    self.turnRate = turnRate.isFinite ? max(1, turnRate) : 1
    self.runSpeed = runSpeed.isFinite ? max(0.1, runSpeed) : 0.1
  }
}
