import Agent
import Command
import Core
import Nav
import Perception
import Telemetry

/// The agent at a player's seat, with the edge that the daemon is live: zones handed over, ticks recorded.
public struct Seat {
  private let data: SimulationData
  private var agent: Agent
  private var recorder: SessionRecorder?
  private var zone: ZoneID?
  /// Zones are opened within a tick here; live it takes one or two.
  private var provided: [ZoneID] = []

  public init(data: SimulationData, options: SimulationOptions, seed: UInt64) throws {
    guard options.player == .agent else {
      throw CommandError(.internalFault, "the reference player \"\(options.player.rawValue)\" is not built yet")
    }
    self.data = data
    var configuration = AgentConfiguration(body: data.body)
    configuration.brain.phase = options.phase
    configuration.brain.usesPlans = options.usesPlanner
    configuration.brain.shadowPhases = options.shadows
    for ablation in options.ablations {
      switch ablation {
      case .encounters: configuration.brain.learning.usesEncounters = false
      case .heat: configuration.brain.learning.usesHeat = false
      case .costs: configuration.brain.learning.usesCosts = false
      }
    }
    agent = Agent(configuration: configuration, lore: data.lore, seed: seed)
    guard let root = options.recordDirectory else { return }
    let header = SessionHeader(
      mode: .simulated, version: Version.number, environment: data.environment.name, layout: data.plan.layout.name,
      seed: seed, phase: options.phase, dataHashes: [.init("lore", data.lore.hash), .init("world", data.world.hash)])
    do {
      recorder = SessionRecorder(
        try SessionWriter(
          directory: "\(root)/seed-\(seed)", header: header, options: .inline, wall: 0, monotonic: 0))
    } catch {
      throw CommandError(.cannotCreate, error.description)
    }
  }

  public mutating func tick(_ snapshot: Snapshot, report: MotorReport) throws -> (TickInput, TickOutput) {
    var zoneReady: ZoneID?
    if let seen = snapshot.state.zone, seen != zone, snapshot.state.validity == .valid {
      zone = seen
      if !provided.contains(seen) {
        agent.provide(zone: seen, navigator: try data.navigator(zone: seen))
        provided.append(seen)
        zoneReady = seen
      }
    }
    let input = TickInput(state: snapshot.state, motor: report, chat: snapshot.chat, zoneReady: zoneReady)
    let output = agent.tick(input)
    recorder?.record(
      input, output, routine: agent.routine,
      timing: TickTiming(monotonic: Int64(input.state.tick.slot) * 100_000_000))
    return (input, output)
  }

  /// What the agent counted, by name.
  var counters: [(name: String, value: Double)] { agent.statistics.figures }

  public func close(_ result: SimulationResult) {
    recorder?.writer.close(
      SessionSummary(
        reason: "duration",
        figures: [
          ("defeats", Double(result.defeats)), ("deaths", Double(result.deaths)), ("loots", Double(result.loots)),
        ]))
  }
}
