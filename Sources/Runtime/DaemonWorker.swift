import Agent
import CLinux
import Command
import Core
import Foundation
import LiveView
import Motor
import Nav
import Perception
import Telemetry

/// What the tick thread owns and does. How it is set up, attaches and ends stands in the extensions beside this file.
final class DaemonWorker {
  let daemon: Daemon
  let options: DaemonOptions
  let environment: LoadedEnvironment
  let display: String?
  var agent: Agent
  var recorder: SessionRecorder
  let writer: SessionWriter
  let zones: ZoneLoader
  let experience: Experience?
  let chatLog: ChatLogFile?
  let party: PartyBoard?
  let view: LiveServer?
  var feed: LiveFeed

  var loop = DeadlineLoop()
  private var tickTimes = LatencyHistogram()
  private var readTimes = LatencyHistogram()
  var attachment: Attachment?
  var lock: TargetLock?
  var motor: LiveMotor?
  var zone: ZoneID?
  /// Valid ticks since the attachment; keys are sent from the tenth on.
  var validTicks = 0
  private var wasStale = false
  private var hasStrayKeys = false
  /// Why the session cannot be written, as the operator was told.
  private var diskTrouble: String?
  /// By the kill switch or `compassd disarm`; until `compassd arm`.
  private var isDisarmed = false
  private var configuration: AgentConfiguration?
  private var nextAttach = 0
  var attachRefusals: Set<String> = []
  var lastSlot = -1
  private var ticks = 0

  static let validTicksToArm = 10

  init(_ daemon: Daemon, _ parts: Parts) {
    self.daemon = daemon
    options = daemon.options
    environment = daemon.environment
    display = parts.display
    agent = parts.agent
    writer = parts.writer
    recorder = SessionRecorder(parts.writer)
    zones = parts.zones
    experience = parts.experience
    chatLog = parts.chatLog
    party = parts.party
    view = parts.view
    feed = parts.feed
    attachment = parts.attachment
    lock = parts.lock
    motor = parts.motor
  }

  // MARK: - The loop

  func run() {
    loop = DeadlineLoop()
    let endSlot = options.duration.map { Int(($0 * 10).rounded(.up)) } ?? Int.max
    while true {
      let slot = loop.wait()
      let now = linux_monotonic_nanoseconds()
      let (isStopping, orders) = daemon.shared.withLock { shared in
        shared.lastBeat = now
        defer { shared.orders = Daemon.Orders() }
        return (shared.isStopping, shared.orders)
      }
      feed.beat(now)
      if isStopping || slot >= endSlot { break }
      obey(orders)
      if attachment == nil {
        feed.publishWaiting(slot: slot, now: now)
        guard slot >= nextAttach else { continue }
        nextAttach = slot + 5
        attach(slot)
        continue
      }
      if !tick(slot) {
        detach(slot)
        // A process that was named by its id does not come back.
        if options.pid != nil {
          daemon.shared.withLock { $0.reason = "target.exited" }
          break
        }
      }
    }
    end()
  }

  private func obey(_ orders: Daemon.Orders) {
    switch orders.configuration {
    case .success(let new):
      configuration = new
      writer.log(.event, .runtime, "config.reloaded", [("configuration", .text(new.text))])
      say("compassd: the configuration was read anew")
    case .failure(let error):
      note(.fault(.configRefused))
      writer.log(.session, .runtime, "config.refused", [("reason", .text(error.message))])
      say("compassd: the configuration stays as it was: \(error.message)")
    case nil: break
    }
    if let arming = orders.arming { setDisarmed(!arming, by: "operator") }
    if orders.wantsForensics { writer.wantForensics("operator") }
  }

  private func setDisarmed(_ disarmed: Bool, by cause: StaticString) {
    if !disarmed { motor?.allow() }
    guard disarmed != isDisarmed else { return }
    isDisarmed = disarmed
    if disarmed { motor?.releaseAll() }
    writer.log(.event, .runtime, disarmed ? "disarmed" : "armed", [("by", .text("\(cause)"))])
    say(
      disarmed
        ? "compassd: disarmed by \(cause); all keys are up. \"compassd arm\" lets it go on" : "compassd: armed again")
  }

  /// An event of the edge: into the session, and to onlookers.
  func note(_ event: SessionEvent) {
    writer.event(event)
    feed.note(event, tick: max(0, lastSlot))
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
      if case .notTheProgram = error { note(.fault(.layoutMismatch)) }
      return false
    }
    let read = linux_monotonic_nanoseconds()
    let input = self.input(snapshot)
    writer.beat(monotonic: read, at: .thinking)
    let output = agent.tick(input)
    let thought = linux_monotonic_nanoseconds()
    if input.isArmed { motor?.carryOut(output.commands) }
    party?.put(output.note, now: thought)
    let acted = linux_monotonic_nanoseconds()
    let timing = TickTiming(
      monotonic: started, lateness: started - (loop.start + Int64(slot) * DeadlineLoop.periodNanoseconds),
      reading: read - started, thinking: thought - read, acting: acted - thought,
      skippedSlots: max(0, slot - lastSlot - 1))
    recorder.record(input, output, routine: agent.routine, timing: timing)
    feed.publish(
      input, output, agent: agent, timing: timing,
      stand: isDisarmed ? .disarmed : input.isArmed ? .armed : .observing, dropped: writer.counts.dropped)
    tickTimes.add(nanoseconds: acted - started)
    readTimes.add(nanoseconds: read - started)
    lastSlot = slot
    ticks += 1
    if ticks % Experience.saveSlots == 0 { experience?.save(agent.learned, at: Tick(slot)) }
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
    if snapshot.isTorn { note(.fault(.tornSnapshot)) }
    let isStale = state.validity == .stale
    if isStale != wasStale { note(isStale ? .fault(.targetStale) : .recovery(.targetStale)) }
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
      note(.fault(.terrainMissing))
    case nil: break
    }
    if motor?.isKilled == true { setDisarmed(true, by: "the kill switch") }
    let report = motor?.report() ?? MotorReport(hasFocus: false, isReady: false)
    let hasStrays = report.refusal == .held
    if hasStrays, !hasStrayKeys { note(.fault(.keyStuck)) }
    hasStrayKeys = hasStrays
    let isArmed = motor != nil && !isDisarmed && validTicks >= Self.validTicksToArm
    defer { configuration = nil }
    return TickInput(
      state: state, isArmed: isArmed, configuration: configuration, motor: report,
      chat: chatLog?.take() ?? snapshot.chat, zoneReady: zoneReady,
      peers: party?.others(now: linux_monotonic_nanoseconds()) ?? [])
  }

  /// Refreshes the published status about once a second.
  private func report(_ input: TickInput, _ output: TickOutput) {
    guard ticks % 10 == 1 else { return }
    tellOfDisk()
    let decision = output.receipt.decision
    let player = input.state.player
    let zone = input.state.zone.map { Int($0.raw) }
    let (tickP99, latenessP99, skipped) = (
      tickTimes.microseconds(quantile: 0.99), loop.lateness.microseconds(quantile: 0.99), loop.skipped
    )
    daemon.shared.withLock {
      $0.status.state =
        isDisarmed ? .disarmed : decision.layer == .hold ? .hold : input.isArmed ? .armed : .observing
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

  /// The writer notes it in the session, where nobody may be able to read it now.
  private func tellOfDisk() {
    let trouble = writer.diskTrouble
    guard trouble != diskTrouble else { return }
    if diskTrouble == nil { feed.note(.fault(.diskFailed), tick: max(0, lastSlot)) }
    diskTrouble = trouble
    say(
      trouble.map { "compassd: the session cannot be written (\($0)); the agent goes on" }
        ?? "compassd: the session is written again")
  }

  // MARK: - The end

  private func end() {
    motor?.releaseAll()
    motor?.stop()
    experience?.finish(agent.learned, at: Tick(max(0, lastSlot)))
    chatLog?.stop()
    view?.stop()
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
