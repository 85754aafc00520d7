import Core
import Telemetry

/// Writes a session as a Perfetto trace (protobuf track events), for ui.perfetto.dev: the phases of every tick, the
/// routines as slices, vitals as counters, events as instants.
public enum PerfettoExport {
  public static func write(_ directory: String, to path: String) throws {
    _ = try readSession(directory)
    var trace = PerfettoTrace(try OutputFile(path))
    trace.begin()
    var open: (routine: String, end: UInt64)?
    SessionLines(directory: directory).visit { kind, line, _, time in
      let stamp = UInt64(max(0, time) * 1e9) + 1
      switch kind {
      case .event:
        trace.instant(line.text("event") ?? "", at: stamp, line.all)
      case .tick:
        trace.tick(&line, at: stamp)
        let routine = line.text("routine") ?? line.text("layer") ?? ""
        if let last = open, last.routine != routine {
          trace.end(.routine, at: stamp)
          open = nil
        }
        if open == nil { trace.begin(.routine, routine, at: stamp) }
        open = (routine, stamp)
      }
    }
    if let last = open { trace.end(.routine, at: last.end + 100_000_000) }
    try trace.finish()
  }
}

/// The few messages of `perfetto/trace/trace_packet.proto` that are needed; numbers are the proto's field numbers.
private struct PerfettoTrace {
  enum Track: UInt64, CaseIterable {
    case tick = 11
    case routine, events, health, mana, lateness

    var name: String { String(describing: self) }
    var isCounter: Bool { rawValue >= Track.health.rawValue }
  }

  private let file: OutputFile
  private var buffer: [UInt8] = []
  private var isFirst = true

  init(_ file: OutputFile) {
    self.file = file
  }

  mutating func begin() {
    for track in Track.allCases {
      var descriptor = Message()
      descriptor.put(1, track.rawValue)
      descriptor.put(2, track.name)
      if track.isCounter { descriptor.put(8, Message()) }
      var packet = Message()
      packet.put(60, descriptor)
      write(packet)
    }
  }

  private mutating func write(_ packet: Message) {
    var packet = packet
    packet.put(10, UInt64(1))
    if isFirst { packet.put(13, UInt64(1)) }
    isFirst = false
    var outer = Message()
    outer.put(1, packet)
    buffer += outer.bytes
    if buffer.count > 1 << 20 { flush() }
  }

  private mutating func flush() {
    file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func event(
    _ track: Track, type: UInt64, at time: UInt64, _ fill: (inout Message) -> Void = { _ in }
  ) {
    var event = Message()
    event.put(9, type)
    event.put(11, track.rawValue)
    fill(&event)
    var packet = Message()
    packet.put(8, time)
    packet.put(11, event)
    write(packet)
  }

  mutating func begin(_ track: Track, _ name: String, at time: UInt64) {
    event(track, type: 1, at: time) { $0.put(23, name) }
  }

  mutating func end(_ track: Track, at time: UInt64) {
    event(track, type: 2, at: time)
  }

  mutating func instant(_ name: String, at time: UInt64, _ fields: [(key: String, value: String)]) {
    event(.events, type: 3, at: time) { event in
      event.put(23, name)
      for field in fields where !["t", "tick", "time", "event"].contains(field.key) {
        var note = Message()
        note.put(10, field.key)
        note.put(6, field.value)
        event.put(4, note)
      }
    }
  }

  /// The slices of one tick, and its counters.
  mutating func tick(_ line: inout JSONLine, at time: UInt64) {
    let times = line.triple("us") ?? (0, 0, 0)
    let phases = [("reading", times.0), ("thinking", times.1), ("acting", times.2)]
    begin(.tick, "tick", at: time)
    var now = time
    for (name, microseconds) in phases {
      let length = UInt64(max(0, min(microseconds, 1e9)) * 1000)
      begin(.tick, name, at: now)
      now += length
      end(.tick, at: now)
    }
    end(.tick, at: now)
    for (track, key) in [(Track.health, "hp"), (.mana, "mana"), (.lateness, "late_us")] as [(Track, StaticString)] {
      guard let value = line.number(key) else { continue }
      event(track, type: 4, at: time) { $0.put(44, value) }
    }
  }

  mutating func finish() throws(SessionsFailure) {
    flush()
    try file.finish()
  }
}

/// A protobuf message under construction.
private struct Message {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func put(_ field: UInt64, _ number: UInt64) {
    varint(field << 3)
    varint(number)
  }

  mutating func put(_ field: UInt64, _ number: Double) {
    varint(field << 3 | 1)
    bytes.put(number.bitPattern)
  }

  mutating func put(_ field: UInt64, _ text: String) { put(field, blob: Array(text.utf8)) }
  mutating func put(_ field: UInt64, _ message: Message) { put(field, blob: message.bytes) }

  private mutating func put(_ field: UInt64, blob: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(blob.count))
    bytes += blob
  }
}
