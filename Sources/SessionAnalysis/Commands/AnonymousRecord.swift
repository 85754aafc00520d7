import Agent
import Core
import Perception
import Telemetry

/// Rewrites `session.record` without the names of players, what they say, and where the session ran.
enum AnonymousRecord {
  /// The names in the record of `directory`; nil when there is no record.
  static func pseudonyms(_ directory: String) throws -> Pseudonyms? {
    guard wholeFile("\(directory)/\(SessionFileName.record)", limit: 1) != nil else { return nil }
    var pseudonyms = Pseudonyms()
    var hasInput = false
    try Replay.visitInputs(directory) { input in
      pseudonyms.learn(from: input)
      hasInput = true
      return true
    }
    return hasInput ? pseudonyms : nil
  }

  /// The record of `directory` in the same form, with other names.
  static func bytes(_ directory: String, _ pseudonyms: Pseudonyms) throws -> [UInt8] {
    let reader: RecordReader
    do {
      reader = try RecordReader("\(directory)/\(SessionFileName.record)")
    } catch {
      throw SessionsFailure(error)
    }
    var output: [UInt8] = []
    var decoder = InputDecoder()
    var encoder = InputEncoder()
    let compressor = RecordCompressor(level: 9)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 16)
    defer { memory.deallocate() }
    try reader.visit { entry in
      if output.isEmpty { output = head(reader, pseudonyms) }
      var frame = entry.frame
      pseudonyms.replace(in: &frame)
      var writer = ByteWriter(memory)
      let mark = writer.placeholder()
      writer.put(frame)
      writer.patch(mark, UInt32(writer.count - 4))
      var bytes = ByteReader(entry.input)
      if var input = try? decoder.decode(&bytes) {
        pseudonyms.replace(in: &input)
        encoder.encode(input, into: &writer)
      } else {
        encoder.reset()
      }
      compressor.append(writer.bytes)
      if compressor.pendingBytes > 1 << 20, let chunk = compressor.chunk() { output += chunk }
      return true
    }
    if let chunk = compressor.chunk() { output += chunk }
    return output
  }

  private static func head(_ reader: RecordReader, _ pseudonyms: Pseudonyms) -> [UInt8] {
    var bytes = RecordChunk.bytes(.header, header(reader.headerBytes, pseudonyms))
    if !reader.learned.isEmpty { bytes += RecordChunk.bytes(.learned, RecordCompressor.compressed(reader.learned)) }
    return bytes
  }

  /// `session.json` without notes (host, process) and without the path of an environment.
  static func header(_ bytes: [UInt8], _ pseudonyms: Pseudonyms) -> [UInt8] {
    var output = bytes
    for (key, value) in [("notes", "[]"), ("environment", nil)] {
      let range: Range<Int>? = output.withUnsafeBytes { bytes in
        var line = JSONLine()
        guard line.parse(bytes), let slice = key == "notes" ? line.nested("notes") : line.word("environment"),
          let base = bytes.baseAddress, let start = slice.baseAddress
        else { return nil }
        return start - base..<start - base + slice.count
      }
      guard let range else { continue }
      let last = String(decoding: output[range], as: UTF8.self).split(separator: "/").last.map(String.init) ?? ""
      output.replaceSubrange(range, with: Array((value ?? last).utf8))
    }
    return pseudonyms.replaced(output)
  }
}
