import Agent
import CLinux
import Command
import Core
import Foundation
import Motor
import Nav
import Perception
import Telemetry

/// What the tick thread owns and does.
final class DaemonWorker {
  private let daemon: Daemon
  private let options: DaemonOptions
  private let environment: LoadedEnvironment
  private let display: String?
  private var agent: Agent
  private var recorder: SessionRecorder
  private let writer: SessionWriter
  private let zones: ZoneLoader

  private var loop = DeadlineLoop()
  private var tickTimes = LatencyHistogram()
  private var readTimes = LatencyHistogram()
  private var attachment: Attachment?
  private var lock: TargetLock?
  private var motor: LiveMotor?
  private var zone: ZoneID?
  /// Valid ticks since the attachment; keys are sent from the tenth on.
  private var validTicks = 0
  private var wasStale = false
  private var nextAttach = 0
  private var lastSlot = -1
  private var ticks = 0

  static let validTicksToArm = 10

  /// Attaches and opens everything that can be refused, so that refusals come before the first tick.
  init(_ daemon: Daemon) throws {
    self.daemon = daemon
    options = daemon.options
    environment = daemon.environment
    display = options.display ?? ProcessInfo.processInfo.environment["DISPLAY"]
    if options.isArmed, display == nil {
      throw CommandError(.unavailable, "no display: name one with --display :N or set DISPLAY; keys need an X server")
    }
    var configuration = try Self.configuration(options, environment)
    let pid = try Attachment.find(options, environment)
    let attachment = try Attachment.patient(pid: pid, environment: environment)
    let lock = try TargetLock(pid: pid, startTime: attachment.memory.startTime)
    let motor = try Self.motor(options, environment, display: display, pid: pid)
    if let phase = options.phase { configuration.brain.phase = phase }
    agent = Agent(configuration: configuration, lore: environment.lore, seed: options.seed)
    zones = ZoneLoader(environment: environment.file, lore: environment.lore)
    let header = SessionHeader(
      mode: .live, version: Version.number, build: Build.identity, environment: options.environment,
      layout: attachment.layout, seed: options.seed, phase: configuration.phase, configuration: configuration.text,
      dataHashes: [.init("lore", environment.lore.hash)], notes: ["process \(pid)"])
    let directory = options.sessionDirectory ?? Self.defaultSessionDirectory()
    do {
      writer = try SessionWriter(directory: directory, header: header)
    } catch {
      throw CommandError(.cannotCreate, error.description)
    }
    recorder = SessionRecorder(writer)
    self.attachment = attachment
    self.lock = lock
    self.motor = motor
    say("compassd: attached to process \(pid) with layout \(attachment.layout); session \(directory)")
    publish(pid: pid, session: directory)
  }

  /// The environment's body, and over it what `--config` says.
  static func configuration(_ options: DaemonOptions, _ environment: LoadedEnvironment) throws -> AgentConfiguration {
    let base = AgentConfiguration(body: environment.body)
    guard let path = options.configurationFile else { return base }
    guard let bytes = ProcessFile.bytes(path) else { throw CommandError(.noInput, "\(path) cannot be read") }
    do {
      return try AgentConfiguration(text: String(decoding: bytes, as: UTF8.self), file: path, over: base)
    } catch {
      throw CommandError(.badConfiguration, error.description)
    }
  }

  private static func motor(
    _ options: DaemonOptions, _ environment: LoadedEnvironment, display: String?, pid: Int32
  ) throws -> LiveMotor? {
    guard options.isArmed, let display else { return nil }
    do {
      return try LiveMotor(
        LiveMotor.Configuration(
          display: display, bindings: environment.bindings, window: environment.file.window, pid: pid,
          guardCommand: options.guardCommand))
    } catch {
      if case .noRuntimeDirectory = error { throw CommandError(.cannotCreate, error.description) }
      throw CommandError(.unavailable, error.description)
    }
  }

  /// A new directory under `sessions/`; what a crash left there is recovered, what is old goes.
  private static func defaultSessionDirectory() -> String {
    let store = SessionStore(root: "sessions")
    for (directory, outcome) in store.recoverAll() { say("compassd: \(directory): \(outcome)") }
    store.sweep()
    return store.newDirectory()
  }

  private func publish(pid: Int32?, session: String? = nil) {
    let (motor, environment) = (motor, environment.file.name)
    daemon.shared.withLock {
      $0.motor = motor
      $0.target = pid
      $0.status.environment = environment
      $0.status.pid = getpid()
      $0.status.target = pid
      if let session { $0.status.session = session }
    }
  }

  // MARK: - The loop

  func run() {
    loop = DeadlineLoop()
    let endSlot = options.duration.map { Int(($0 * 10).rounded(.up)) } ?? Int.max
    while true {
      let slot = loop.wait()
      let isStopping = daemon.shared.withLock { shared in
        shared.lastBeat = linux_monotonic_nanoseconds()
        return shared.isStopping
      }
      if isStopping || slot >= endSlot { break }
      if attachment == nil {
        guard slot >= nextAttach else { continue }
        nextAttach = slot + 5
        attach(slot)
        continue
      }
      if !tick(slot) {
        detach()
        // A process that was named by its id does not come back.
        if options.pid != nil {
          daemon.shared.withLock { $0.reason = "target.exited" }
          break
        }
      }
    }
    end()
  }

  /// One tick; false when the target is gone.
  private func tick(_ slot: Int) -> Bool {
    guard let attachment else { return false }
    let started = linux_monotonic_nanoseconds()
    writer.beat(monotonic: started, at: .reading)
    let snapshot: Snapshot
    do {
      snapshot = try attachment.reader.read(tick: Tick(slot))
    } catch {
      // Gone, or another program at its place (an exec): either way it is attached anew, with every check.
      if case .notTheProgram = error { writer.event(.fault(.layoutMismatch)) }
      return false
    }
    let read = linux_monotonic_nanoseconds()
    let input = self.input(snapshot)
    writer.beat(monotonic: read, at: .thinking)
    let output = agent.tick(input)
    let thought = linux_monotonic_nanoseconds()
    if input.isArmed { motor?.carryOut(output.commands) }
    let acted = linux_monotonic_nanoseconds()
    let timing = TickTiming(
      monotonic: started, lateness: started - (loop.start + Int64(slot) * DeadlineLoop.periodNanoseconds),
      reading: read - started, thinking: thought - read, acting: acted - thought,
      skippedSlots: max(0, slot - lastSlot - 1))
    recorder.record(input, output, routine: agent.routine, timing: timing)
    tickTimes.add(nanoseconds: acted - started)
    readTimes.add(nanoseconds: read - started)
    lastSlot = slot
    ticks += 1
    report(input, output)
    return true
  }

  private func input(_ snapshot: Snapshot) -> TickInput {
    let state = snapshot.state
    if state.validity == .valid {
      validTicks += 1
    } else if state.validity != .partial {
      validTicks = min(validTicks, state.validity == .loading ? validTicks : 0)
    }
    if snapshot.isTorn { writer.event(.fault(.tornSnapshot)) }
    let isStale = state.validity == .stale
    if isStale != wasStale { writer.event(isStale ? .fault(.targetStale) : .recovery(.targetStale)) }
    wasStale = isStale
    if let seen = state.zone, seen != zone, state.validity == .valid {
      zone = seen
      zones.request(seen)
    }
    var zoneReady: ZoneID?
    switch zones.take() {
    case .ready(let zone, let navigator):
      agent.provide(zone: zone, navigator: navigator)
      zoneReady = zone
    case .failed(_, let why):
      say("compassd: \(why)")
      writer.event(.fault(.terrainMissing))
    case nil: break
    }
    let isArmed = motor != nil && validTicks >= Self.validTicksToArm
    return TickInput(
      state: state, isArmed: isArmed, motor: motor?.report() ?? MotorReport(hasFocus: false, isReady: false),
      chat: snapshot.chat, zoneReady: zoneReady)
  }

  /// Refreshes the published status about once a second.
  private func report(_ input: TickInput, _ output: TickOutput) {
    guard ticks % 10 == 1 else { return }
    let decision = output.receipt.decision
    let player = input.state.player
    let zone = input.state.zone.map { Int($0.raw) }
    let (tickP99, latenessP99, skipped) = (
      tickTimes.microseconds(quantile: 0.99), loop.lateness.microseconds(quantile: 0.99), loop.skipped
    )
    daemon.shared.withLock {
      $0.status.state = decision.layer == .hold ? .hold : input.isArmed ? .armed : .observing
      $0.status.tick = decision.tick.slot
      $0.status.rule = decision.rule?.name
      $0.status.routine = decision.order?.routine.name
      $0.status.hold = decision.layer == .hold ? decision.hold.name : nil
      $0.status.health = player.healthFraction
      $0.status.mana = player.manaFraction
      $0.status.zone = zone
      $0.status.skipped = skipped
      $0.status.tickP99 = tickP99
      $0.status.latenessP99 = latenessP99
    }
  }

  // MARK: - Attaching again

  private func detach() {
    motor?.releaseAll()
    motor?.stop()
    motor = nil
    attachment = nil
    lock = nil
    validTicks = 0
    zone = nil
    writer.event(.fault(.targetExited))
    say("compassd: the target has exited; all keys are up")
    publish(pid: nil)
  }

  private func attach(_ slot: Int) {
    guard let pid = try? Attachment.find(options, environment),
      let attachment = try? Attachment(pid: pid, environment: environment),
      let lock = try? TargetLock(pid: pid, startTime: attachment.memory.startTime)
    else { return }
    do {
      motor = try Self.motor(options, environment, display: display, pid: pid)
    } catch {
      say("compassd: \(error)")
      return
    }
    self.attachment = attachment
    self.lock = lock
    lastSlot = slot
    writer.event(.recovery(.targetExited))
    say("compassd: attached to process \(pid) with layout \(attachment.layout)")
    publish(pid: pid)
  }

  // MARK: - The end

  private func end() {
    motor?.releaseAll()
    motor?.stop()
    let reason = daemon.shared.withLock { $0.reason }
    let figures: [(name: String, value: Double)] = [
      ("ticks", Double(ticks)), ("skipped", Double(loop.skipped)),
      ("tick_p50_us", tickTimes.microseconds(quantile: 0.5)),
      ("tick_p99_us", tickTimes.microseconds(quantile: 0.99)),
      ("tick_max_us", Double(tickTimes.maximumNanoseconds) / 1000),
      ("read_p50_us", readTimes.microseconds(quantile: 0.5)),
      ("read_p99_us", readTimes.microseconds(quantile: 0.99)),
      ("lateness_p50_us", loop.lateness.microseconds(quantile: 0.5)),
      ("lateness_p99_us", loop.lateness.microseconds(quantile: 0.99)),
      ("lateness_max_us", Double(loop.lateness.maximumNanoseconds) / 1000),
    ]
    writer.close(SessionSummary(reason: reason, figures: figures))
    say(
      "compassd: ended (\(reason)) after \(ticks) ticks; "
        + figures.dropFirst().map { "\($0.name) \($0.value.tenths)" }.joined(separator: ", "))
    daemon.shared.withLock {
      $0.motor = nil
      $0.hasEnded = true
    }
  }
}

/// What tells this build from others.
enum Build {
  /// Hash of the running executable's size and time of change; enough to see that two sessions ran the same build.
  static var identity: String {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "unknown" }
    var hash = StableHash()
    hash.combine(status.st_size)
    hash.combine(status.st_mtim.tv_sec)
    return String(hash.value, radix: 16)
  }
}
