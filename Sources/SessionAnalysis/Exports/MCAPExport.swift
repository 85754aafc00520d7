import CZstd
import Core
import Telemetry

/// Writes a session as MCAP (mcap.dev/spec), which Foxglove-class viewers, Rerun and PlotJuggler open.
///
/// Topics: `/tick` (every tick's receipt), `/event`, `/log` (events as `foxglove.Log`). Chunks of a few seconds,
/// compressed, indexed, all checksums set.
public enum MCAPExport {
  public static func write(_ directory: String, to path: String) throws {
    let info = try readSession(directory).info
    var writer = MCAPWriter(try OutputFile(path))
    writer.begin(library: "compass \(info.version)")
    let start = nanoseconds(ofISO: info.started)
    SessionLines(directory: directory).visit { kind, line, bytes, time in
      let stamp = start + UInt64(max(0, time) * 1e9)
      switch kind {
      case .tick:
        writer.message(.tick, stamp, Array(bytes))
      case .event:
        writer.message(.event, stamp, Array(bytes))
        writer.message(.log, stamp, log(&line, stamp))
      }
    }
    try writer.finish()
  }

  private static func log(_ line: inout JSONLine, _ stamp: UInt64) -> [UInt8] {
    let key = line.text("event") ?? ""
    let words = line.all.filter { !["t", "tick", "time", "event", "subsystem"].contains($0.key) }
      .map { "\($0.key)=\($0.value)" }
    var json = JSONText()
    json.object { json in
      json.key("timestamp")
      json.object { json in
        json.member("sec", Int(stamp / 1_000_000_000))
        json.member("nsec", Int(stamp % 1_000_000_000))
      }
      json.member("level", ["player.death", "fault", "invariant.breach"].contains(key) ? 4 : 2)
      json.member("message", "\(key) \(words.joined(separator: " "))")
      json.member("name", line.text("subsystem") ?? "")
      json.member("file", "")
      json.member("line", 0)
    }
    return json.bytes
  }
}

/// The container format itself.
private struct MCAPWriter {
  enum Channel: UInt16, CaseIterable {
    case tick = 1
    case event, log

    var topic: String { self == .tick ? "/tick" : self == .event ? "/event" : "/log" }
    var schema: String { self == .tick ? "compass.Tick" : self == .event ? "compass.Event" : "foxglove.Log" }
  }

  private struct ChunkIndex {
    var start: UInt64
    var end: UInt64
    var offset: UInt64
    var length: UInt64
    var indexes: [(Channel, UInt64)]
    var indexLength: UInt64
    var compressed: UInt64
    var uncompressed: UInt64
  }

  private static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  private static let chunkBytes = 512 << 10

  private let file: OutputFile
  private var chunk: [UInt8] = []
  private var chunkTimes: (UInt64, UInt64)?
  private var offsets: [Channel: [(UInt64, UInt64)]] = [:]
  private var chunks: [ChunkIndex] = []
  private var counts: [Channel: UInt64] = [:]
  private var times: (UInt64, UInt64)?

  init(_ file: OutputFile) {
    self.file = file
  }

  private static func record(_ opcode: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes = [opcode]
    bytes.put(UInt64(content.count))
    return bytes + content
  }

  private var definitions: [UInt8] {
    var bytes: [UInt8] = []
    for channel in Channel.allCases {
      var schema: [UInt8] = []
      schema.put(channel.rawValue)
      schema.put(channel.schema)
      schema.put("jsonschema")
      schema.put(blob: Array("{\"type\":\"object\"}".utf8))
      bytes += Self.record(0x03, schema)
    }
    for channel in Channel.allCases {
      var content: [UInt8] = []
      content.put(channel.rawValue)
      content.put(channel.rawValue)
      content.put(channel.topic)
      content.put("json")
      content.put(UInt32(0))
      bytes += Self.record(0x04, content)
    }
    return bytes
  }

  mutating func begin(library: String) {
    file.write(Self.magic)
    var header: [UInt8] = []
    header.put("")
    header.put(library)
    file.write(Self.record(0x01, header))
    chunk = definitions
  }

  mutating func message(_ channel: Channel, _ time: UInt64, _ data: [UInt8]) {
    let sequence = counts[channel, default: 0]
    counts[channel] = sequence + 1
    var content: [UInt8] = []
    content.reserveCapacity(data.count + 22)
    content.put(channel.rawValue)
    content.put(UInt32(truncatingIfNeeded: sequence))
    content.put(time)
    content.put(time)
    content += data
    offsets[channel, default: []].append((time, UInt64(chunk.count)))
    chunk += Self.record(0x05, content)
    chunkTimes = (min(chunkTimes?.0 ?? time, time), max(chunkTimes?.1 ?? time, time))
    times = (min(times?.0 ?? time, time), max(times?.1 ?? time, time))
    if chunk.count >= Self.chunkBytes { endChunk() }
  }

  private mutating func endChunk() {
    guard let (start, end) = chunkTimes else { return }
    let compressed = compressedBytes(chunk)
    var content: [UInt8] = []
    content.put(start)
    content.put(end)
    content.put(UInt64(chunk.count))
    content.put(CRC32.of(chunk))
    content.put("zstd")
    content.put(UInt64(compressed.count))
    content += compressed
    let offset = file.offset
    let record = Self.record(0x06, content)
    file.write(record)
    var index = ChunkIndex(
      start: start, end: end, offset: offset, length: UInt64(record.count), indexes: [], indexLength: 0,
      compressed: UInt64(compressed.count), uncompressed: UInt64(chunk.count))
    let indexStart = file.offset
    for channel in Channel.allCases {
      guard let entries = offsets[channel], !entries.isEmpty else { continue }
      index.indexes.append((channel, file.offset))
      var content: [UInt8] = []
      content.put(channel.rawValue)
      content.put(UInt32(entries.count * 16))
      for (time, offset) in entries {
        content.put(time)
        content.put(offset)
      }
      file.write(Self.record(0x07, content))
    }
    index.indexLength = file.offset - indexStart
    chunks.append(index)
    chunk.removeAll(keepingCapacity: true)
    offsets = [:]
    chunkTimes = nil
  }

  private func compressedBytes(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return Array(output[..<min(count, output.count)])
  }

  mutating func finish() throws(SessionsFailure) {
    endChunk()
    var end: [UInt8] = []
    end.put(file.checksum)
    file.write(Self.record(0x0F, end))
    let summaryStart = file.offset
    file.resetChecksum()
    var groups: [(UInt8, UInt64, UInt64)] = []
    func group(_ opcode: UInt8, _ bytes: [UInt8]) {
      guard !bytes.isEmpty else { return }
      groups.append((opcode, file.offset, UInt64(bytes.count)))
      file.write(bytes)
    }
    let all = definitions
    let schemaEnd = all.indices.first { all[$0] == 0x04 && isChannelStart(all, $0) } ?? all.count
    group(0x03, Array(all[..<schemaEnd]))
    group(0x04, Array(all[schemaEnd...]))
    group(0x08, chunks.flatMap(indexRecord))
    group(0x0B, statistics)
    let offsetStart = file.offset
    for (opcode, start, length) in groups {
      var content = [opcode]
      content.put(start)
      content.put(length)
      file.write(Self.record(0x0E, content))
    }
    // The footer's checksum covers the footer itself up to there.
    var footer: [UInt8] = [0x02]
    footer.put(UInt64(20))
    footer.put(summaryStart)
    footer.put(offsetStart)
    file.write(footer)
    var last: [UInt8] = []
    last.put(file.checksum)
    file.write(last + Self.magic)
    try file.finish()
  }

  /// Schemas come first in `definitions`; each is a record of opcode 3, so walking by lengths finds the channels.
  private func isChannelStart(_ bytes: [UInt8], _ index: Int) -> Bool {
    var position = 0
    while position < index {
      let length = (0..<8).reduce(0) { $0 | Int(bytes[position + 1 + $1]) << (8 * $1) }
      position += 9 + length
    }
    return position == index
  }

  private func indexRecord(_ index: ChunkIndex) -> [UInt8] {
    var content: [UInt8] = []
    content.put(index.start)
    content.put(index.end)
    content.put(index.offset)
    content.put(index.length)
    content.put(UInt32(index.indexes.count * 10))
    for (channel, offset) in index.indexes {
      content.put(channel.rawValue)
      content.put(offset)
    }
    content.put(index.indexLength)
    content.put("zstd")
    content.put(index.compressed)
    content.put(index.uncompressed)
    return Self.record(0x08, content)
  }

  private var statistics: [UInt8] {
    var content: [UInt8] = []
    content.put(counts.values.reduce(0, +))
    content.put(UInt16(Channel.allCases.count))
    content.put(UInt32(Channel.allCases.count))
    content.put(UInt32(0))
    content.put(UInt32(0))
    content.put(UInt32(chunks.count))
    content.put(times?.0 ?? 0)
    content.put(times?.1 ?? 0)
    content.put(UInt32(counts.count * 10))
    for channel in Channel.allCases {
      guard let count = counts[channel] else { continue }
      content.put(channel.rawValue)
      content.put(count)
    }
    return Self.record(0x0B, content)
  }
}

extension [UInt8] {
  /// Little-endian.
  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Length as u32, then the bytes.
  fileprivate mutating func put(_ text: String) { put(blob: Array(text.utf8)) }

  fileprivate mutating func put(blob: [UInt8]) {
    put(UInt32(blob.count))
    self += blob
  }
}
