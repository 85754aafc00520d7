import Agent
import Core
import World

/// What one tick was given and what came of it.
public struct SteppedTick: Sendable {
  public var slot: Int
  public var input: TickInput
  public var output: TickOutput
}

/// A run of one agent that goes on tick by tick, as far as it is asked to; its story is that of `SimulationRun`.
public struct SimulationStepper {
  public let seed: UInt64
  /// Ticks that the run has in all.
  public let count: Int
  private var loop: ClosedLoop
  private var seat: Seat
  private var decisions: StableHash
  /// The tick that was carried out last; nil before the first.
  public private(set) var last: SteppedTick?
  public private(set) var next = 0

  public init(data: SimulationData, options: SimulationOptions, seed: UInt64) throws {
    self.seed = seed
    count = Int(options.minutes * 600)
    loop = try ClosedLoop(
      data: data, seed: seed, players: [options.setup], latency: options.latency,
      faults: options.faults)
    seat = try Seat(data: data, options: options, seed: seed)
    decisions = StableHash(seed: seed)
  }

  public var isAtEnd: Bool { next >= count }
  public var world: World { loop.world }
  public var agent: Agent? { seat.agent }
  /// Over all decisions so far.
  public var decisionHash: UInt64 { decisions.value }

  /// Carries out one tick; nil at the end.
  public mutating func step() throws -> SteppedTick? {
    while !isAtEnd, loop.skips(Tick(next), player: 0) {
      loop.advance(Tick(next))
      next += 1
    }
    guard !isAtEnd else { return nil }
    let tick = Tick(next)
    let snapshot = try loop.snapshot(player: 0, tick: tick)
    let (input, output) = try seat.tick(snapshot, report: loop.report(player: 0))
    loop.carryOut(output.commands, player: 0, tick: tick)
    loop.advance(tick)
    decisions.combine(output.decisionHash)
    let done = SteppedTick(slot: next, input: input, output: output)
    next += 1
    last = done
    return done
  }
}
