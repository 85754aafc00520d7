import Core
import Motor
import Testing

@Suite struct KeyScheduleTests {
  /// Edges of `commands` (each at its time), as text: `12+forward` is down at 12 ms, `-` up.
  private func edges(_ commands: [(at: Int, command: MotorCommand)], end: Int = 10_000) -> String {
    var schedule = KeySchedule()
    var edges: [KeySchedule.Edge] = []
    for (at, command) in commands {
      schedule.take(before: at * 1000, into: &edges)
      schedule.accept(command, now: at * 1000)
    }
    schedule.take(before: end * 1000, into: &edges)
    return edges.map { edge in
      let time = edge.microseconds / 1000
      return switch edge.kind {
      case .down(let key): "\(time)+\(key.name)"
      case .up(let key): "\(time)-\(key.name)"
      case .type(let text): "\(time)\"\(text)"
      }
    }.joined(separator: " ")
  }

  @Test func `each command means what it says, to the millisecond`() {
    let cases: [(commands: [(at: Int, command: MotorCommand)], edges: String)] = [
      ([(0, .tap(.gem1))], "0+gem1 40-gem1"),
      ([(5, .press(.turnLeft, milliseconds: 83))], "5+turnLeft 88-turnLeft"),
      ([(0, .hold(.forward))], "0+forward 500-forward"),
      ([(0, .hold(.forward)), (400, .hold(.forward))], "0+forward 900-forward"),
      ([(0, .hold(.forward)), (100, .release(.forward))], "0+forward 100-forward"),
      ([(0, .hold(.forward)), (100, .press(.forward, milliseconds: 20))], "0+forward 120-forward"),
      ([(0, .tap(.jump)), (20, .tap(.jump))], "0+jump 20-jump 20+jump 60-jump"),
      (
        [(0, .hold(.forward)), (0, .press(.turnRight, milliseconds: 50)), (30, .releaseAll)],
        "0+forward 0+turnRight 30-forward 30-turnRight"
      ),
      ([(0, .release(.back))], ""),
      ([(0, .press(.back, milliseconds: -5))], "0+back 1-back"),
      ([(7, .type("/loot"))], "7\"/loot"),
      // Seven keys of 8 ms: nothing goes down before 56 ms, and what was down may come up.
      (
        [(0, .hold(.back)), (0, .type("/loot")), (10, .tap(.gem1)), (20, .release(.back)), (30, .type("/x"))],
        "0+back 0\"/loot 20-back 56+gem1 56\"/x 96-gem1"
      ),
      ([(0, .type("/loot")), (10, .hold(.forward)), (20, .release(.forward))], "0\"/loot 56+forward 56-forward"),
    ]
    for (commands, wanted) in cases { #expect(edges(commands) == wanted) }
  }

  @Test func `downs and ups alternate and nothing stays down, whatever comes`() {
    for seed in 0..<200 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var schedule = KeySchedule()
      var edges: [KeySchedule.Edge] = []
      var now = 0
      for _ in 0..<200 {
        let key = KeyAction.allCases[generator.integer(0...KeyAction.allCases.count - 1)]
        let commands: [MotorCommand] = [
          .hold(key), .release(key), .tap(key), .press(key, milliseconds: generator.integer(1...500)), .releaseAll,
        ]
        schedule.accept(commands[generator.integer(0...4)], now: now)
        now += generator.integer(0...120_000)
        schedule.take(before: now, into: &edges)
      }
      schedule.take(before: now + 1_000_000, into: &edges)
      var down = KeySet.none
      var last = 0
      for edge in edges {
        #expect(edge.microseconds >= last, "seed \(seed)")
        last = edge.microseconds
        switch edge.kind {
        case .down(let key):
          #expect(!down.contains(key), "seed \(seed)")
          down.insert(key)
        case .up(let key):
          #expect(down.contains(key), "seed \(seed)")
          down.remove(key)
        case .type: break
        }
      }
      #expect(down.isEmpty && schedule.down.isEmpty && schedule.next == nil, "seed \(seed)")
    }
  }
}
