import Agent
import Core
import Foundation
import Perception
import Simulation
import TestSupport
import Testing
import World

/// What goes wrong around the agent on purpose; needs the sandbox's terrain, which `Tools/test` builds.
@Suite struct FaultTests {
  private struct Seen {
    var validities: Set<SnapshotValidity> = []
    var ticks = 0
    var unfocused = 0
    var refused = 0
    var gap = 1
    var downWithoutFocus = 0
  }

  private func play(_ profile: FaultProfile, minutes: Double, seed: UInt64 = 3) throws -> (SimulationResult, Seen) {
    var options = SimulationOptions()
    options.minutes = minutes
    options.faults = profile
    var seen = Seen()
    var last: Tick?
    var unfocusedSince: Tick?
    let data = try SimulationData(environment: "sandbox")
    let result = try SimulationRun(data: data, options: options, seed: seed).run { input, _, _ in
      let tick = input.state.tick
      seen.validities.insert(input.state.validity)
      seen.ticks += 1
      seen.refused += input.motor.refusedCount
      if let last { seen.gap = max(seen.gap, tick - last) }
      last = tick
      guard !input.motor.hasFocus else {
        unfocusedSince = nil
        return
      }
      seen.unfocused += 1
      unfocusedSince = unfocusedSince ?? tick
      if let since = unfocusedSince, tick - since >= 1, !input.motor.held.isEmpty { seen.downWithoutFocus += 1 }
    }
    return (result, seen)
  }

  @Test func `each kind of fault reaches the agent as what it is`() throws {
    // One of the presses that are lost with this seed is one that mattered.
    let seed: UInt64 = 5
    let (sound, calm) = try play(FaultProfile(), minutes: 1.2, seed: seed)
    #expect(calm.validities.isSubset(of: [.valid, .loading]) && calm.ticks == 720 && calm.gap == 1)
    #expect(calm.unfocused == 0 && calm.refused == 0)
    for kind in FaultProfile.Kind.allCases {
      let (result, seen) = try play(FaultProfile([kind]), minutes: 1.2, seed: seed)
      #expect(result.decisionHash != sound.decisionHash, "\(kind) changed nothing")
      #expect(result.envelopeViolations == 0, "\(kind)")
      switch kind {
      case .torn, .freeze, .cycle, .garbage, .partial:
        #expect(!seen.validities.isSubset(of: [.valid, .loading]), "\(kind): \(seen.validities)")
      case .focus:
        #expect(seen.unfocused >= 45)
        #expect(seen.downWithoutFocus == 0)
      case .skips: #expect(seen.gap > 1 && seen.ticks < 720)
      case .slow, .keys, .jitter: #expect(seen.ticks == 720 && seen.validities == calm.validities)
      }
    }
  }

  @Test func `with all faults at once the agent still lives by its rules, and alike each time`() throws {
    let all = try #require(FaultProfile("all"))
    let (result, seen) = try play(all, minutes: 4)
    #expect(result.envelopeViolations == 0)
    #expect(result.experience > 0, "it goes on between the faults")
    #expect(seen.validities.isSuperset(of: [.valid, .partial, .stale]))
    let (again, _) = try play(all, minutes: 4)
    #expect(again.decisionHash == result.decisionHash && again.stateHash == result.stateHash)
  }

  @Test func `a recorded run with faults replays without a difference, and names of faults are checked`() throws {
    let folder = try Repository.temporaryDirectory("faults")
    defer { try? FileManager.default.removeItem(at: folder) }
    func sim(_ arguments: [String]) throws -> Finished {
      try run(Repository.program("compass-sim"), ["run", "--seeds", "2"] + arguments, directory: Repository.root)
    }
    let played = try sim(["--minutes", "2", "--faults", "memory,skips,focus", "--record", folder.path, "--json"])
    #expect(played.status == 0, "\(played.errors)")
    #expect(played.output.contains("\"faults\":\"torn,cycle,garbage,freeze,partial,slow,focus,skips\""))
    let replay = try run(
      Repository.program("compass-sessions"), ["replay", folder.appending(path: "seed-2").path],
      directory: Repository.root)
    #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
    let refused = try sim(["--faults", "gremlins"])
    #expect(refused.status == 64 && refused.errors.contains("--faults takes all, memory, torn"), "\(refused.errors)")
  }
}
