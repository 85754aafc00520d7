import Agent
import CLinux
import Command
import Core
import Foundation
import Motor
import Perception
import Synchronization
import Telemetry

/// `compassd run`: attaches, ticks ten times a second, and leaves no key down.
///
/// The tick thread owns the agent, the reader and the recorder; the calling thread watches the target's exit, signals
/// and the tick thread itself, and may release all keys at any moment.
public final class Daemon: Sendable {
  /// What the tick thread and the watching thread share.
  struct Shared {
    var motor: LiveMotor?
    var target: Int32?
    /// CLOCK_MONOTONIC, nanoseconds; 0 before the first tick.
    var lastBeat: Int64 = 0
    var isStopping = false
    var hasEnded = false
    var reason = "duration"
    var failure: CommandError?
    var status = DaemonStatus()
    var orders = Orders()
  }

  /// What the tick thread is to do at its next tick.
  struct Orders {
    /// A configuration that was read and found good; or why it was refused.
    var configuration: Result<AgentConfiguration, CommandError>?
    /// True arms, false disarms.
    var arming: Bool?
    var wantsForensics = false
  }

  let options: DaemonOptions
  let environment: LoadedEnvironment
  let shared = Mutex(Shared())

  /// A tick thread that has not beaten for so long is hung: keys up. Unit: nanoseconds.
  static let patience: Int64 = 300_000_000

  public init(_ options: DaemonOptions) throws {
    self.options = options
    environment = try LoadedEnvironment(options.environment)
  }

  /// Runs until the time is up, the target is gone or a signal asks to end. Call it from the program's first thread.
  public func run() throws -> ExitCode {
    let worker = try DaemonWorker(self)
    Signals.install()
    let box = ThreadHandover(worker)
    Signals.block()
    let thread = Thread {
      linux_set_thread_name("compass-tick")
      box.take()?.run()
    }
    thread.stackSize = 8 << 20
    thread.start()
    Signals.unblock()
    watch()
    if let failure = shared.withLock({ $0.failure }) { throw failure }
    return .success
  }

  /// Until the tick thread has ended: target exits, signals, hung ticks, status once a second.
  private func watch() {
    var watched: (pid: Int32, pidfd: Int32)?
    var lastStatus: Int64 = 0
    var isHung = false
    defer { if let watched { close(watched.pidfd) } }
    while !shared.withLock({ $0.hasEnded }) {
      let (target, motor, beat) = shared.withLock { ($0.target, $0.motor, $0.lastBeat) }
      if watched?.pid != target {
        if let watched { close(watched.pidfd) }
        watched = target.map { ($0, linux_pidfd_open($0)) }
      }
      var exit = pollfd(fd: watched?.pidfd ?? -1, events: Int16(POLLIN), revents: 0)
      linux_poll(&exit, 1, 50_000)
      if exit.revents != 0, let watched {
        motor?.releaseAll()
        close(watched.pidfd)
        self.shared.withLock { if $0.target == watched.pid { $0.target = nil } }
      }
      watched = exit.revents != 0 ? nil : watched
      if let signal = Signals.received {
        motor?.releaseAll()
        shared.withLock {
          $0.isStopping = true
          $0.reason = signal == SIGINT ? "interrupt" : "terminate"
        }
      }
      carryOut(Signals.takeRequests(), motor)
      let now = linux_monotonic_nanoseconds()
      let wasHung = isHung
      isHung = beat != 0 && now - beat > Self.patience
      if isHung, !wasHung { motor?.releaseAll() }
      if now - lastStatus >= 1_000_000_000 {
        lastStatus = now
        shared.withLock { $0.status }.publish()
      }
    }
    shared.withLock { $0.status }.withdraw()
  }

  /// What signals asked for. A new configuration is read and checked here; the tick thread gets it whole or not at all.
  private func carryOut(_ requests: Signals.Request, _ motor: LiveMotor?) {
    if requests.contains(.disarm) { motor?.releaseAll() }
    let reloaded: Result<AgentConfiguration, CommandError>? =
      requests.contains(.reload) ? reload() : nil
    shared.withLock { shared in
      if let reloaded { shared.orders.configuration = reloaded }
      if requests.contains(.disarm) { shared.orders.arming = false }
      if requests.contains(.arm) { shared.orders.arming = true }
      if requests.contains(.forensics) { shared.orders.wantsForensics = true }
    }
  }

  private func reload() -> Result<AgentConfiguration, CommandError> {
    guard options.configurationFile != nil else {
      return .failure(CommandError(.badConfiguration, "there is nothing to read anew: no --config was given"))
    }
    do {
      return .success(try DaemonWorker.configuration(options, environment))
    } catch {
      return .failure(error as? CommandError ?? CommandError(.badConfiguration, "\(error)"))
    }
  }
}
