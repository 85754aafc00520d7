import Agent
import CLinux
import Command
import Core
import Glibc
import Perception
import Telemetry

/// What `SessionRecorder.record` and its parts cost the tick thread, with a writer thread beside it: CPU time of the
/// thread, and elapsed time beside it. The pause between ticks lets the caches go cold, as they do between the ticks of
/// an agent; `COMPASS_BENCH_PAUSE` sets it in microseconds (5000 otherwise).
func benchLog(asJSON: Bool) throws {
  for (label, spawns, takesInput) in [
    ("logging alone", 0, false), ("logging and recording, 40 spawns", 40, true),
    ("logging and recording, 200 spawns", 200, true),
  ] {
    var walk = BenchWalk(spawns: spawns)
    let directory = "/tmp/compass-bench-log-\(getpid())-\(spawns)"
    let header = SessionHeader(mode: .live, version: Version.number, environment: "none", seed: 1)
    let writer = try SessionWriter(directory: directory, header: header)
    let recorder = SessionRecorder(writer)
    var input = TickInput(state: GameState())
    var output = TickOutput(receipt: DecisionReceipt(decision: Decision(tick: .start, layer: .idle)))
    let start = linux_monotonic_nanoseconds()
    var slot = 0
    let ticks = 6000
    let pause = getenv("COMPASS_BENCH_PAUSE").flatMap { UInt32(String(cString: $0)) } ?? 5000
    var wall: [Double] = []
    wall.reserveCapacity(ticks + 200)
    var faults = 0
    var faultMark = threadFaults()
    func prepare() {
      faults += threadFaults() - faultMark
      usleep(pause)
      // As in a real tick: what is recorded was made just before.
      slot += 1
      walk.step(slot)
      input.state = walk.state
      output = walk.output(slot)
      faultMark = threadFaults()
    }
    var measurement = measure("log", label, count: ticks, warmUp: 200, prepare: prepare) {
      let timing = TickTiming(monotonic: start + Int64(slot) * 100_000_000, thinking: 400_000)
      let begin = linux_monotonic_nanoseconds()
      if takesInput {
        recorder.record(input, output, routine: nil, timing: timing)
      } else {
        writer.record(TickRecord(timing: timing, receipt: output.receipt, commands: output.commands))
      }
      wall.append(Double(linux_monotonic_nanoseconds() - begin) / 1000)
    }
    wall = wall.suffix(ticks).sorted()
    measurement.extras.append(("wall_p50", wall[ticks / 2]))
    measurement.extras.append(("wall_p99", wall[ticks * 99 / 100]))
    measurement.extras.append(("page_faults", Double(faults) / Double(slot)))
    measurement.extras.append(("pause_us", Double(pause)))
    writer.close(SessionSummary(reason: "benchmark"))
    var status = stat()
    stat("\(directory)/\(SessionFileName.record)", &status)
    measurement.extras.append(("record_mb_per_hour", Double(status.st_size) / Double(slot) * 36_000 / 1e6))
    measurement.extras.append(("dropped", Double(writer.counts.dropped)))
    measurement.report(asJSON: asJSON)
    removeSession(directory)
  }
}

/// Page faults of the calling thread so far.
private func threadFaults() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(1), &usage)  // RUSAGE_THREAD
  return usage.ru_minflt + usage.ru_majflt
}

/// Deletes a session that a benchmark wrote.
func removeSession(_ directory: String) {
  for name in directoryEntries(directory) { unlink("\(directory)/\(name)") }
  rmdir(directory)
}

/// A crowd in which a third walks about, and receipts as full as real ones.
struct BenchWalk {
  private(set) var state = GameState()
  private var generator = SeededGenerator(seed: 1)

  init(spawns: Int) {
    state.zone = ZoneID(1)
    state.player.position = .origin
    state.spawns = (0..<spawns).map { index in
      Spawn(
        id: EntityID(UInt32(index + 10)), name: FixedName("a large rat \(index)"),
        position: Position(Double(index) * 7, 100, 12), level: 4, race: 42)
    }
  }

  mutating func step(_ slot: Int) {
    state.tick = Tick(slot)
    state.frame = UInt32(slot * 3)
    state.player.mana = 100 + slot / 10 % 100
    for index in state.spawns.indices where (slot / 40 + index) % 3 == 0 {
      state.spawns[index].position.x = Double(Float(state.spawns[index].position.x + generator.uniform(-1...1)))
      state.spawns[index].position.y = Double(Float(state.spawns[index].position.y + generator.uniform(-1...1)))
      state.spawns[index].heading = Heading(Double(Float(generator.uniform(0...511))))
    }
  }

  func output(_ slot: Int) -> TickOutput {
    let rule: RuleID = slot / 80 % 2 == 0 ? .rest : .pull
    let order: RoutineOrder =
      rule == .rest ? .rest(untilHealth: 0.9, untilMana: 0.8) : .pull(target: EntityID(12), mode: .pet)
    let verdicts = RuleID.allCases.map {
      DecisionReceipt.Verdict(
        rule: $0, ruleClass: .ordinary, isEligible: $0 == rule, reason: $0 == rule ? .none : .manaLow,
        value: Double(slot % 10), threshold: 0.4)
    }
    let candidates = (0..<10).map {
      DecisionReceipt.Candidate(id: EntityID(UInt32($0)), name: "a large rat", score: 17.25)
    }
    let decision = Decision(
      tick: Tick(slot), layer: .utility, rule: rule, order: order, score: 0.7, credit: CreditID(UInt32(slot / 80)))
    return TickOutput(
      commands: [.hold(.forward)],
      receipt: DecisionReceipt(decision: decision, verdicts: verdicts, candidates: candidates, margin: 0.1))
  }
}
