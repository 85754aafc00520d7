import Core

/// Turns records into the lines of the six text files. Owned by the writer thread; formats each record once.
struct SessionFormatter {
  /// Clocks at the session's start, nanoseconds.
  let wall: Int64
  let monotonic: Int64
  private var clock = WallClock()
  private var limit = RateLimit(linesPerSecond: 20)
  private var eventLimit = RateLimit(linesPerSecond: 50)
  private var line: [UInt8] = []
  private var json = JSONText()
  private var last: TickFrame?
  private var lastFull = Int.min

  /// A full receipt at least every so many ticks, so that a cut log explains itself soon.
  static let ticksPerFullReceipt = 600

  init(wall: Int64, monotonic: Int64) {
    self.wall = wall
    self.monotonic = monotonic
  }

  private func seconds(_ time: Int64) -> Double { Double(time - monotonic) / 1e9 }

  // MARK: - Lines

  /// One line to the file of `tier` and all looser ones: ISO time, monotonic seconds, tick, tier, subsystem, key, text.
  private mutating func write(
    _ tier: LogTier, _ subsystem: Subsystem, _ key: String, at time: Int64, tick: Int, _ text: String,
    to files: inout SessionFiles
  ) {
    if tier > .event {
      let admission = limit.admit(key, at: time)
      if admission.suppressed > 0 {
        put(tier, subsystem, key, at: time, tick: tick, "suppressed \(admission.suppressed)", to: &files)
      }
      guard admission.passes else { return }
    }
    put(tier, subsystem, key, at: time, tick: tick, text, to: &files)
  }

  private mutating func put(
    _ tier: LogTier, _ subsystem: Subsystem, _ key: String, at time: Int64, tick: Int, _ text: String,
    to files: inout SessionFiles
  ) {
    line.removeAll(keepingCapacity: true)
    clock.append(wall + (time - monotonic), to: &line)
    let milliseconds = Int((time - monotonic) / 1_000_000)
    line.append(contentsOf: " \(milliseconds / 1000).".utf8)
    for divisor in [100, 10, 1] { line.append(UInt8(ascii: "0") + UInt8(abs(milliseconds) / divisor % 10)) }
    line.append(contentsOf: " #\(tick) \(tier.text) \(subsystem.name) \(key)".utf8)
    if !text.isEmpty {
      line.append(UInt8(ascii: " "))
      line.append(contentsOf: text.printable.utf8)
    }
    line.append(0x0A)
    if tier <= .event { files.append(.eventLog, line) }
    if tier <= .session { files.append(.sessionLog, line) }
    if tier <= .verbose { files.append(.verboseLog, line) }
    files.append(.debugLog, line)
  }

  /// Events and lines of whatever part of the program.
  mutating func write(_ record: LogRecord, at time: Int64, tick: Int, to files: inout SessionFiles) {
    if record.tier == .event {
      let admission = eventLimit.admit(record.key, at: time)
      if admission.suppressed > 0 {
        let fields = [Field("of", .text(record.key)), Field("count", .integer(admission.suppressed))]
        let told = LogRecord(tier: .event, subsystem: .session, key: "log.suppressed", fields: fields)
        writeEvent(told, at: time, tick: tick, to: &files)
      }
      guard admission.passes else { return }
      writeEvent(record, at: time, tick: tick, to: &files)
    } else {
      write(record.tier, record.subsystem, record.key, at: time, tick: tick, record.text, to: &files)
    }
  }

  private mutating func writeEvent(_ record: LogRecord, at time: Int64, tick: Int, to files: inout SessionFiles) {
    json.clear()
    var stamp: [UInt8] = []
    clock.append(wall + (time - monotonic), to: &stamp)
    let seconds = seconds(time).thousandths
    json.object { json in
      json.member("t", seconds)
      json.member("tick", tick)
      json.member("time", String(decoding: stamp, as: UTF8.self))
      json.member("event", record.key)
      json.member("subsystem", record.subsystem.name)
      for field in record.fields { json.member(field.name, field.value) }
    }
    json.endLine()
    files.append(.events, json.bytes)
    put(.event, record.subsystem, record.key, at: time, tick: tick, record.text, to: &files)
  }

  // MARK: - Ticks

  /// A tick: its events, what is new about its decision, and its line in every file down to `loosest`.
  mutating func write(_ frame: TickFrame, loosest: LogTier, to files: inout SessionFiles) {
    let (time, tick) = (frame.timing.monotonic, frame.tick.slot)
    for event in frame.events { write(event, at: time, tick: tick, to: &files) }
    let isChange = last.map { !$0.receipt.decision.isSame(as: frame.receipt.decision) } ?? true
    let isFull = isChange || tick - lastFull >= Self.ticksPerFullReceipt
    if isFull { lastFull = tick }
    writeReceipt(frame, isChange: isChange, isFull: isFull, to: &files)
    if isChange {
      write(.session, .brain, "decision.change", at: time, tick: tick, frame.receipt.sentence, to: &files)
    }
    if loosest >= .verbose { writeDetails(frame, to: &files) }
    if loosest >= .debug {
      write(.debug, .agent, "tick", at: time, tick: tick, frame.line, to: &files)
    }
    last = frame
  }

  private mutating func writeReceipt(_ frame: TickFrame, isChange: Bool, isFull: Bool, to files: inout SessionFiles) {
    json.clear()
    let seconds = seconds(frame.timing.monotonic)
    json.object { json in
      frame.write(to: &json, seconds: seconds, kind: isChange ? "change" : isFull ? "full" : "short")
    }
    json.endLine()
    files.append(.decisions, json.bytes)
  }

  private mutating func writeDetails(_ frame: TickFrame, to files: inout SessionFiles) {
    let (time, tick) = (frame.timing.monotonic, frame.tick.slot)
    if let routine = frame.routine,
      last?.routine.map({ $0.phase != routine.phase || $0.credit != routine.credit }) ?? true
    {
      write(
        .verbose, .routine, "routine.phase", at: time, tick: tick,
        "\(routine.order.routine.name) phase \(routine.phase)\(routine.isLocked ? " locked" : "")", to: &files)
    }
    if !frame.commands.isEmpty, frame.commands != last?.commands {
      let words = frame.commands.map(\.text).joined(separator: " ")
      write(.verbose, .motor, "motor.command", at: time, tick: tick, words, to: &files)
    }
    let before = last?.receipt.verdicts ?? []
    for (index, verdict) in frame.receipt.verdicts.enumerated() {
      if index < before.count, before[index].rule == verdict.rule, before[index].reason == verdict.reason,
        before[index].isEligible == verdict.isEligible
      {
        continue
      }
      write(.verbose, .brain, "rule.verdict", at: time, tick: tick, verdict.text, to: &files)
    }
    if frame.receipt.decision.rule != last?.receipt.decision.rule {
      for candidate in frame.receipt.candidates {
        write(.verbose, .brain, "target.candidate", at: time, tick: tick, candidate.text, to: &files)
      }
    }
  }

  /// What the rate limits still hold back; called at the end of a session.
  mutating func finish(at time: Int64, tick: Int, to files: inout SessionFiles) {
    for (key, count) in limit.rest() + eventLimit.rest() {
      put(.session, .session, key, at: time, tick: tick, "suppressed \(count)", to: &files)
    }
  }
}

extension Decision {
  /// The same undertaking for the same reason: score and tick may differ.
  func isSame(as other: Decision) -> Bool {
    layer == other.layer && rule == other.rule && order == other.order && hold == other.hold
      && credit == other.credit
  }
}

extension LogRecord {
  /// "name=value" for every field.
  var text: String {
    fields.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
  }
}
