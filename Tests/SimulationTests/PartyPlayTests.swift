import Core
import Perception
import TestSupport
import Testing
import World

@testable import Simulation

/// What notes of others change in an agent's life: it follows, and it helps. Needs the sandbox's terrain.
@Suite struct PartyPlayTests {
  /// What the order of a tick is about.
  static func prey(_ order: RoutineOrder?) -> EntityID? {
    switch order {
    case .combat(let target), .engageAdd(let target), .pull(let target, _), .acquire(let target): target
    default: nil
    }
  }

  /// What a follower sees to before it comes along: whoever attacks, its health, its pet, what it has killed.
  static func isOwnNeed(_ order: RoutineOrder?) -> Bool {
    switch order?.routine {
    case .deathRecovery, .feignDeath, .flee, .evade, .combat, .engageAdd, .rest, .loot, .memorizeSpells, .summonPet,
      .buff, .vendor, .recoverCorpse, .unstick:
      true
    case .acquire, .pull, .travel, .wander, nil: false
    }
  }

  /// A camp is 500 units across: 17 seconds' run, and a fifth more for the way around what stands in between. Ticks.
  static let comingTicks = 200

  @Test func `who follows stays near the first and joins its fights`() throws {
    var options = SimulationOptions()
    options.agents = 2
    options.follows = true
    options.minutes = 8
    let data = try SimulationData(environment: "sandbox")
    var leader: (place: Position, target: EntityID)?
    var at: Position?
    var (together, joined, alone) = (0, 0, 0)
    var (behind, longest) = (0, 0)
    let result = try SimulationRun(data: data, options: options, seed: 3).run { input, output, _ in
      let player = input.state.player
      if input.peers.first?.name.description == "\(options.setup.name)" {
        // The follower; the first has told of itself in the tick before.
        guard let at, let own = player.position, output.receipt.decision.tick.slot > 600 else { return }
        together += 1
        // With nothing of its own to see to, it is near again in the time that the way takes, each time. Who hunts for
        // itself elsewhere is away all the time.
        let isAway = own.horizontalDistance(to: at) >= 150
        behind = isAway && !Self.isOwnNeed(output.receipt.decision.order) ? behind + 1 : isAway ? behind : 0
        longest = max(longest, behind)
        guard let prey = Self.prey(output.receipt.decision.order) else { return }
        if prey == leader?.target { joined += 1 } else { alone += 1 }
      } else {
        at = player.position
        leader = nil
        if let place = player.position, let target = Self.prey(output.receipt.decision.order) {
          leader = (place, target)
        }
      }
    }
    #expect(result.agents.count == 2 && result.defeats > 0)
    #expect(together > 3000, "\(together)")
    #expect(longest <= Self.comingTicks, "\(longest) ticks behind at a time")
    #expect(joined > 300, "joined for \(joined) ticks, alone for \(alone)")
  }

  /// A peer beside us that fights the nearest animal; it is told of, not there.
  private func orders(needsHelp: Bool, seed: UInt64) throws -> (orders: Int, ticks: Int) {
    let data = try SimulationData(environment: "sandbox")
    let options = SimulationOptions()
    let setups = options.setups(in: data.world)
    var loop = try ClosedLoop(data: data, seed: seed, players: setups)
    var seat = try Seat(data: data, options: options, seed: seed)
    var told: EntityID?
    var (orders, ticks) = (0, 0)
    for slot in 0..<700 {
      let tick = Tick(slot)
      let snapshot = try loop.snapshot(player: 0, tick: tick)
      var peers: [PeerNote] = []
      let state = snapshot.state
      if slot >= 100, let place = state.player.position, let zone = state.zone {
        let level = state.player.level ?? 1
        let model = seat.agent?.model
        let living = state.spawns.filter { spawn in
          guard let track = model?.track(spawn.id), track.isLivingNPC, track.policy != .vendor else { return false }
          return Int(spawn.level) <= level && spawn.position.horizontalDistance(to: place) < 180
        }
        if told.map({ id in !living.contains { $0.id == id } }) ?? true {
          told =
            living.min {
              $0.position.horizontalDistance(to: place) < $1.position.horizontalDistance(to: place)
            }?.id
        }
        if let told {
          peers = [
            PeerNote(
              id: EntityID(900_000), name: "Bea", zone: zone, position: place, target: told, claim: .fighting,
              needsHelp: needsHelp)
          ]
        }
      }
      let (_, output) = try seat.tick(snapshot, report: loop.report(player: 0), peers: peers)
      if let told, slot >= 100 {
        ticks += 1
        if Self.prey(output.receipt.decision.order) == told { orders += 1 }
      }
      loop.carryOut(output.commands, player: 0, tick: tick)
      loop.advance(tick)
    }
    return (orders, ticks)
  }

  @Test func `who needs help is helped; whose fight goes well is left its enemy`() throws {
    let help = try orders(needsHelp: true, seed: 5)
    let none = try orders(needsHelp: false, seed: 5)
    print("helped in \(help), left alone in \(none)")
    #expect(help.ticks > 200 && none.ticks > 200, "\(help), \(none)")
    #expect(help.orders > 50, "it goes for the peer's enemy in \(help)")
    #expect(none.orders == 0, "it takes the peer's enemy in \(none)")
  }
}
