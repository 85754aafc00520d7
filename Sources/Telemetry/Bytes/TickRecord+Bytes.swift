import Core

// A tick is written with what matters most first, because a slot of the black box keeps only the first 4080 bytes.

extension ByteWriter {
  mutating func put(_ timing: TickTiming) {
    put(fixed: UInt64(bitPattern: timing.monotonic))
    put(Int(timing.lateness))
    put(Int(timing.reading))
    put(Int(timing.thinking))
    put(Int(timing.acting))
    put(timing.skippedSlots)
  }

  mutating func put(_ vitals: TickVitals) {
    put(vitals.zone)
    put(vitals.position)
    put(vitals.heading)
    put(vitals.health)
    put(vitals.mana)
    put(vitals.petHealth)
    put(vitals.experience)
    put(vitals.level)
    put(vitals.target)
    put(vitals.pet)
    put(vitals.spawnCount)
    put(UInt8(vitals.isInCombat.map { $0 ? 2 : 1 } ?? 0))
    put(vitals.validity)
  }

  /// A tick in the form in which `ByteReader.tickFrame` reads it.
  public mutating func put(_ frame: TickFrame) {
    put(frame.timing)
    put(frame.receipt.decision)
    put(fixed: frame.decisionHash)
    put(frame.held.bits)
    put(frame.vitals)
    put(frame.routine != nil)
    if let routine = frame.routine { put(routine) }
    put(UInt64(frame.events.count))
    for event in frame.events { put(event) }
    put(UInt64(frame.commands.count))
    for command in frame.commands { put(command) }
    putReasons(frame.receipt)
  }

  mutating func put(_ record: LogRecord) {
    put(record.tier)
    put(record.subsystem)
    put(record.key)
    put(record.wantsForensics)
    for field in record.fields {
      put(field.name)
      put(field.value)
    }
    put(UInt8(0))
  }

  mutating func put(_ event: SessionEvent) {
    put(LogTier.event)
    put(event.subsystem)
    put(event.key)
    put(event.wantsForensics)
    var writer = self
    event.fields { writer.put($0, $1) }
    self = writer
    put(UInt8(0))
  }

  /// A log line; the name of each field is not empty, an empty one ends the list.
  mutating func put(
    _ tier: LogTier, _ subsystem: Subsystem, _ key: StaticString, _ fields: [(StaticString, FieldValue)]
  ) {
    put(tier)
    put(subsystem)
    put(key)
    put(false)
    for (name, value) in fields { put(name, value) }
    put(UInt8(0))
  }
}

extension ByteReader {
  mutating func timing() throws(ByteFault) -> TickTiming {
    TickTiming(
      monotonic: Int64(bitPattern: try fixed64()), lateness: Int64(try integer()), reading: Int64(try integer()),
      thinking: Int64(try integer()), acting: Int64(try integer()), skippedSlots: try integer())
  }

  mutating func vitals() throws(ByteFault) -> TickVitals {
    var vitals = TickVitals()
    vitals.zone = try zoneIfAny()
    vitals.position = try flag() ? try position() : nil
    vitals.heading = try flag() ? try double() : nil
    vitals.health = try flag() ? try double() : nil
    vitals.mana = try flag() ? try double() : nil
    vitals.petHealth = try flag() ? try double() : nil
    vitals.experience = try flag() ? try double() : nil
    vitals.level = try flag() ? try integer() : nil
    vitals.target = try entityIfAny()
    vitals.pet = try entityIfAny()
    vitals.spawnCount = try integer()
    switch try byte() {
    case 0: vitals.isInCombat = nil
    case 1: vitals.isInCombat = false
    case 2: vitals.isInCombat = true
    default: throw .invalid
    }
    vitals.validity = try byte()
    return vitals
  }

  /// A log record, up to its end mark.
  mutating func logRecord() throws(ByteFault) -> LogRecord {
    var record = LogRecord(
      tier: try value(LogTier.self), subsystem: try value(Subsystem.self), key: try text())
    record.wantsForensics = try flag()
    while try !isAtEndMark() { record.fields.append(try field()) }
    return record
  }

  private mutating func isAtEndMark() throws(ByteFault) -> Bool {
    var ahead = self
    guard try ahead.byte() == 0 else { return false }
    self = ahead
    return true
  }

  /// A tick. With `isCut`, what is missing at the end is left empty, as in a slot of the black box.
  public mutating func tickFrame(isCut: Bool = false) throws(ByteFault) -> TickFrame {
    let timing = try timing()
    let decision = try decision()
    let hash = try fixed64()
    let held = KeySet(bits: try word())
    var frame = TickFrame(
      timing: timing, vitals: try vitals(), receipt: DecisionReceipt(decision: decision), routine: nil,
      commands: [], events: [], held: held, decisionHash: hash)
    do {
      if try flag() { frame.routine = try routineStatus() }
      for _ in 0..<(try count(ofSize: 5)) { frame.events.append(try logRecord()) }
      for _ in 0..<(try count()) { frame.commands.append(try command()) }
      frame.receipt = try reasons(of: decision)
    } catch ByteFault.truncated where isCut {
      return frame
    }
    return frame
  }
}
