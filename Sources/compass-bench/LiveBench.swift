import CAllocations
import CLinux
import Core
import Foundation
import LiveView
import Perception
import Runtime
import Simulation
import Synchronization
import World

/// What onlookers cost the tick thread: the whole tick and its publishing, with nobody looking and with a viewer that
/// asks again as soon as it has its answer, some hundred times as often as the page does. Rounds alternate.
func benchLive(asJSON: Bool) throws {
  let data = try SimulationData(environment: "sandbox")
  let folder = FileManager.default.temporaryDirectory.appending(path: "compass-live-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  var whole: [[Double]] = [[], []]
  var publishing: [[Double]] = [[], []]
  var allocations: [Double] = [0, 0]
  let rounds = 6
  for round in 0..<2 * rounds {
    let isWatched = round % 2 == 1
    let samples = try measureLive(data, socket: folder.appending(path: "s").path, isWatched: isWatched)
    whole[round % 2] += samples.whole
    publishing[round % 2] += samples.publishing
    allocations[round % 2] += samples.allocations / Double(rounds)
  }
  func p99(_ samples: [Double]) -> Double { samples.sorted()[samples.count * 99 / 100] }
  let change = (p99(whole[1]) / p99(whole[0]) - 1) * 100
  for (index, label) in ["nobody looks", "a viewer asks without pause"].enumerated() {
    Measurement(
      name: "live", label: "\(label), whole tick", samples: whole[index].sorted(), allocations: allocations[index],
      extras: index == 1 ? [("p99_change_percent", change)] : []
    ).report(asJSON: asJSON)
    Measurement(
      name: "live", label: "\(label), publishing alone", samples: publishing[index].sorted(), allocations: 0
    ).report(asJSON: asJSON)
  }
}

private func measureLive(
  _ data: SimulationData, socket: String, isWatched: Bool
) throws -> (whole: [Double], publishing: [Double], allocations: Double) {
  var loop = try ClosedLoop(data: data, seed: 1, players: [PlayerSetup()])
  var seat = try Seat(data: data, options: SimulationOptions(), seed: 1)
  var feed = LiveFeed()
  let server = try LiveServer(mailbox: feed.mailbox, options: .init(socketPath: socket))
  defer { server.stop() }
  let viewer = Viewer(socket: socket)
  if isWatched { viewer.start() }
  defer { viewer.stop() }
  let (warmUp, count) = (300, 3000)
  var whole: [Double] = []
  var publishing: [Double] = []
  var allocations: UInt64 = 0
  for slot in 0..<count + warmUp {
    let tick = Tick(slot)
    let report = loop.report(player: 0)
    let start = linux_thread_cpu_nanoseconds()
    let snapshot = try loop.snapshot(player: 0, tick: tick)
    let (input, output) = try seat.tick(snapshot, report: report)
    let decided = linux_thread_cpu_nanoseconds()
    let before = allocations_of_thread()
    if let agent = seat.agent {
      feed.beat(linux_monotonic_nanoseconds())
      feed.publish(input, output, agent: agent, timing: .init(monotonic: decided), stand: .armed, dropped: 0)
    }
    let end = linux_thread_cpu_nanoseconds()
    if slot >= warmUp {
      whole.append(Double(end - start) / 1000)
      publishing.append(Double(end - decided) / 1000)
      allocations += allocations_of_thread() - before
    }
    loop.carryOut(output.commands, player: 0, tick: tick)
    loop.advance(tick)
  }
  return (whole, publishing, Double(allocations) / Double(count))
}

/// Asks for the values again and again, on a thread of its own.
private final class Viewer: Sendable {
  private let socket: String
  private let isStopping = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)
  private let hasStarted = Atomic<Bool>(false)

  init(socket: String) { self.socket = socket }

  func start() {
    hasStarted.store(true, ordering: .relaxed)
    let viewer = self
    Thread.detachNewThread {
      while !viewer.isStopping.load(ordering: .relaxed) {
        _ = LiveClient.get("/state.json", socket: viewer.socket)
      }
      viewer.ended.signal()
    }
  }

  func stop() {
    isStopping.store(true, ordering: .relaxed)
    if hasStarted.load(ordering: .relaxed) { ended.wait() }
  }
}
