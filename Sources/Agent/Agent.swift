import Core
import Lore
import Nav
import Perception
import Routines
import Telemetry
import WorldModel

/// One agent: everything it remembers, and one tick of everything it does.
///
/// Deterministic: the same configuration, lore, seed, navigators and inputs give the same outputs, bit for bit.
///
///     var agent = Agent(configuration: configuration, lore: lore, seed: 1)
///     agent.provide(zone: zone, navigator: navigator)
///     let output = agent.tick(TickInput(state: snapshot))
public struct Agent: Sendable {
  public let configuration: AgentConfiguration
  public let lore: Lore
  private var model = WorldModel()
  private var navigators: [(zone: ZoneID, navigator: Navigator)] = []

  public init(configuration: AgentConfiguration, lore: Lore, seed: UInt64) {
    self.configuration = configuration
    self.lore = lore
  }

  /// Hands over the ground of a zone; the tick after must say so in `TickInput.zoneReady`.
  public mutating func provide(zone: ZoneID, navigator: Navigator) {
    navigators.removeAll { $0.zone == zone }
    navigators.append((zone, navigator))
  }

  /// One tick: looks, decides, acts.
  public mutating func tick(_ input: TickInput) -> TickOutput {
    model.update(input.state, lore: lore)
    let decision = Decision(tick: input.state.tick, layer: .hold, hold: .commanded)
    return TickOutput(commands: [.releaseAll], receipt: DecisionReceipt(decision: decision))
  }
}
