import Agent
import Command
import Core
import Learning
import Nav
import Perception
import Routines
import Telemetry

/// Whoever plays at a player's seat, with the edge that the daemon is live: zones handed over, ticks recorded.
public struct Seat {
  private let data: SimulationData
  private var player: any SeatedPlayer
  private var recorder: SessionRecorder?
  private var zone: ZoneID?
  private var lastSlot: Int?
  /// Zones are opened within a tick here; live it takes one or two.
  private var provided: [ZoneID] = []
  private let meter: Navigator.Meter?

  public init(data: SimulationData, options: SimulationOptions, seed: UInt64, number: Int = 0) throws {
    self.data = data
    meter = options.pathMeter
    player = try Self.player(data, options, seed: seed, number: number)
    guard let root = options.recordDirectory else { return }
    guard options.player == .agent else {
      throw CommandError(.usage, "--record needs the agent: the reference players decide nothing that could be shown")
    }
    let header = SessionHeader(
      mode: .simulated, version: Version.number, build: BuildIdentity.own, environment: data.environment.name,
      layout: data.plan.layout.name,
      seed: seed, phase: options.phase, configuration: (player as? Agent)?.configuration.text ?? "",
      dataHashes: [.init("lore", data.lore.hash), .init("world", data.world.hash)], learned: options.learned)
    let directory =
      "\(root)/" + (options.benchmark.map { "\($0)-" } ?? "")
      + (number == 0 ? "seed-\(seed)" : "agent-\(number + 1)-seed-\(seed)")
    do {
      recorder = SessionRecorder(
        try SessionWriter(
          directory: directory, header: header, options: .inline, wall: 0, monotonic: 0))
    } catch {
      throw CommandError(.cannotCreate, error.description)
    }
  }

  private static func player(
    _ data: SimulationData, _ options: SimulationOptions, seed: UInt64, number: Int
  ) throws -> any SeatedPlayer {
    switch options.player {
    case .agent: try agent(data, options, seed: seed, number: number)
    case .idle: ReferencePlayer(IdlePlayer())
    case .reckless: ReferencePlayer(RecklessPlayer(lore: data.lore, body: data.body, seed: seed))
    case .careful: ReferencePlayer(CarefulPlayer(lore: data.lore, body: data.body, seed: seed))
    }
  }

  private static func agent(
    _ data: SimulationData, _ options: SimulationOptions, seed: UInt64, number: Int
  ) throws -> Agent {
    var configuration = AgentConfiguration(body: data.body)
    configuration.brain.phase = options.phase
    configuration.brain.usesPlans = options.usesPlanner
    configuration.brain.shadowPhases = options.shadows
    for ablation in options.ablations { configuration.brain.learning[keyPath: ablation.switchPath] = false }
    for addition in options.additions { configuration.brain.learning[keyPath: addition.switchPath] = true }
    configuration.strategy = options.strategy
    configuration.brain.mutation = options.weakness
    if options.follows, number > 0 { configuration.brain.follows = FixedName(options.setup.name) }
    let learned: LearnedState?
    do throws(LearningStoreError) {
      learned = options.learned.isEmpty ? nil : try LearningStore.state(image: options.learned)
    } catch {
      throw CommandError(.badData, "the experience to begin with (--learned) cannot be read: \(error)")
    }
    return Agent(configuration: configuration, lore: data.lore, seed: seed, learned: learned)
  }

  public mutating func tick(
    _ snapshot: Snapshot, report: MotorReport, peers: [PeerNote] = []
  ) throws -> (TickInput, TickOutput) {
    var zoneReady: ZoneID?
    if let seen = snapshot.state.zone, seen != zone, snapshot.state.validity == .valid {
      zone = seen
      if !provided.contains(seen) {
        player.provide(zone: seen, navigator: try data.navigator(zone: seen, meter: meter))
        provided.append(seen)
        zoneReady = seen
      }
    }
    let input = TickInput(
      state: snapshot.state, motor: report, chat: snapshot.chat, zoneReady: zoneReady, peers: peers)
    let output = player.tick(input)
    let slot = input.state.tick.slot
    recorder?.record(
      input, output, routine: player.routine,
      timing: TickTiming(
        monotonic: Int64(slot) * 100_000_000, skippedSlots: lastSlot.map { max(0, slot - $0 - 1) } ?? 0))
    lastSlot = slot
    return (input, output)
  }

  /// The player, where it is the agent.
  public var agent: Agent? { player as? Agent }

  /// What is left of the way the player walked in the last tick; nil when it walked none.
  var way: WayLeft? { player.way }

  /// What the player counted, by name.
  var counters: [(name: String, value: Double)] { player.figures }

  public func close(_ result: SimulationResult) {
    recorder?.writer.close(
      SessionSummary(
        reason: "duration",
        figures: [
          ("defeats", Double(result.defeats)), ("deaths", Double(result.deaths)), ("loots", Double(result.loots)),
        ]))
  }
}
