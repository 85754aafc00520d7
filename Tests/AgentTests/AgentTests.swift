import Brain
import Core
import Lore
import Perception
import Telemetry
import Testing

@testable import Agent

@Suite struct AgentTests {
  /// A state in which nothing stops the agent: alive, hurt, alone.
  static func state(_ slot: Int, _ change: (inout GameState) -> Void = { _ in }) -> GameState {
    var state = GameState(tick: Tick(slot), zone: ZoneID(1))
    state.player = Player(
      id: EntityID(1), name: "Ada", position: .origin, heading: .north, speed: 0, health: 40, healthMax: 100,
      mana: 20, manaMax: 100, level: 5, classID: 1, stand: .standing)
    change(&state)
    return state
  }

  static func agent(requiresTerrain: Bool = false) -> Agent {
    Agent(
      configuration: AgentConfiguration(requiresTerrain: requiresTerrain),
      lore: Lore(kits: [Kit(name: "a", classID: 1)]),
      seed: 1)
  }

  @Test func `whatever stops the agent makes it let go of every key, with the reason`() {
    let cases: [(HoldReason, TickInput, Bool)] = [
      (.loading, TickInput(state: Self.state(5) { $0.validity = .loading }), false),
      (.stale, TickInput(state: Self.state(5) { $0.validity = .stale }), false),
      (.notArmed, TickInput(state: Self.state(5), isArmed: false), false),
      (.commanded, TickInput(state: Self.state(5), hold: .commanded), false),
      (.noFocus, TickInput(state: Self.state(5), motor: MotorReport(hasFocus: false)), false),
      (.motorNotReady, TickInput(state: Self.state(5), motor: MotorReport(isReady: false)), false),
      (.noZoneData, TickInput(state: Self.state(5)), true),
    ]
    for (reason, input, requiresTerrain) in cases {
      var agent = Self.agent(requiresTerrain: requiresTerrain)
      if !requiresTerrain { _ = agent.tick(TickInput(state: Self.state(4))) }
      let output = agent.tick(input)
      #expect(output.receipt.decision.layer == .hold, "\(reason)")
      #expect(output.receipt.decision.hold == reason)
      #expect(output.commands == [.releaseAll], "\(reason)")
      #expect(output.events.contains(.hold(reason)))
    }
  }

  @Test func `a hurt agent sits down, and a short stale spell does not end its rest`() {
    var agent = Self.agent()
    var keys = agent.tick(TickInput(state: Self.state(1))).commands
    #expect(keys == [.tap(.sitStand)])
    for slot in 2...8 {
      keys += agent.tick(TickInput(state: Self.state(slot) { $0.player.stand = .sitting })).commands
    }
    _ = agent.tick(TickInput(state: Self.state(9) { $0.validity = .stale }))
    let output = agent.tick(TickInput(state: Self.state(10) { $0.player.stand = .sitting }))
    #expect(agent.routine?.started == Tick(1))
    #expect(!output.events.contains { $0.key == "routine.end" })
  }

  @Test func `disarming interrupts the routine`() {
    var agent = Self.agent()
    _ = agent.tick(TickInput(state: Self.state(1)))
    let output = agent.tick(TickInput(state: Self.state(2) { $0.player.stand = .sitting }, isArmed: false))
    #expect(output.commands == [.releaseAll])
    #expect(output.events.contains { $0.key == "routine.end" })
    #expect(agent.routine == nil)
  }

  @Test func `equal inputs give equal hashes, and other inputs others`() {
    func hashes(_ health: Int) -> [UInt64] {
      var agent = Self.agent()
      return (1...40).map { slot in
        agent.tick(TickInput(state: Self.state(slot) { $0.player.health = health })).decisionHash
      }
    }
    #expect(hashes(40) == hashes(40))
    #expect(hashes(40) != hashes(100))
  }

  @Test func `the half-minute record comes every 300 ticks`() {
    var agent = Self.agent()
    var count = 0
    for slot in 1...901 {
      count += agent.tick(TickInput(state: Self.state(slot))).events.filter { $0.key == "snapshot" }.count
    }
    #expect(count == 4)
  }

  @Test func `an encounter is told once, with what it cost`() {
    var agent = Self.agent()
    var ends: [EncounterEnd] = []
    let rat = EntityID(10)
    for slot in 1...60 {
      let output = agent.tick(
        TickInput(
          state: Self.state(slot) {
            $0.player.health = 100 - slot / 2
            var spawn = Spawn(id: rat, name: "a_rat01", position: Position(4, 4), level: 3, target: EntityID(1))
            spawn.healthFraction = max(0, 1 - Double(slot) / 50)
            if slot >= 50 {
              spawn.kind = .corpse
              spawn.target = nil
            }
            $0.spawns = [spawn]
          }))
      for case .encounterEnd(let end) in output.events { ends.append(end) }
    }
    #expect(ends.count == 1)
    #expect(ends.first?.outcome == .defeated)
    #expect(abs((ends.first?.healthLost ?? 0) - 0.25) < 0.02)
    #expect(agent.defeats == 1)
  }
}
