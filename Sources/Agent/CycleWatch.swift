import Core
import Telemetry

/// Times the cycle from one pull to the next that had a defeat in between.
struct CycleWatch: Sendable {
  private var started: Tick?
  private var defeatsAtStart = 0
  private var wasPulling = false

  mutating func update(_ status: RoutineStatus?, tick: Tick, defeats: Int, events: inout [SessionEvent]) {
    let isPulling = status?.order.routine == .pull
    defer { wasPulling = isPulling }
    guard isPulling, !wasPulling, let status else { return }
    if let started, defeats > defeatsAtStart {
      events.append(.cycleComplete(credit: status.credit, seconds: tick.seconds(since: started)))
    } else if started != nil, defeats == defeatsAtStart {
      // Nothing came of the pull before: the cycle goes on.
      return
    }
    started = tick
    defeatsAtStart = defeats
  }
}
