import CZstd
import Core
import Glibc
import Telemetry

/// Reads `session.record` from its start, piece by piece; memory does not grow with the file.
///
/// A cut end is normal. Damage in the middle costs the ticks up to the next place where the stream begins anew; it is
/// counted, and what refers over the gap is left out by `InputDecoder`.
final class RecordReader {
  /// One tick: what came out, and the bytes of what went in.
  struct Entry {
    let frame: TickFrame
    let input: UnsafeRawBufferPointer
    /// The whole of it, as it stands in the record.
    let record: UnsafeRawBufferPointer
  }

  let path: String
  private(set) var header: SessionInfo?
  private(set) var headerBytes: [UInt8] = []
  private(set) var learned: [UInt8] = []
  /// Pieces that could not be used.
  private(set) var damaged = 0
  /// The file ends in the middle of a piece.
  private(set) var isCut = false
  private(set) var bytesRead = 0

  private let file: UnsafeMutablePointer<FILE>
  private let stream = ZSTD_createDCtx()
  private var isInStream = false
  private var raw: [UInt8] = []
  private var output = [UInt8](repeating: 0, count: 256 << 10)

  /// - Throws: `.unreadable` when the file is not there.
  init(_ path: String) throws(SessionError) {
    self.path = path
    guard let file = fopen(path, "r") else { throw .unreadable(path, cause: "there is no record") }
    self.file = file
  }

  deinit {
    fclose(file)
    ZSTD_freeDCtx(stream)
  }

  /// Calls `body` with every tick until it returns false.
  func visit(_ body: (Entry) throws -> Bool) throws {
    while let (kind, payload) = chunk() {
      switch kind {
      case .header:
        headerBytes = payload
        header = SessionInfo.parse(payload, file: path, directory: path)
      case .learned:
        if decompress(payload, anew: true) { learned = raw } else { damaged += 1 }
        raw = []
        isInStream = false
      case .ticks, .ticksAnew:
        guard kind == .ticksAnew || isInStream else {
          damaged += 1
          continue
        }
        raw.removeAll(keepingCapacity: true)
        isInStream = decompress(payload, anew: kind == .ticksAnew)
        if !isInStream { damaged += 1 }
        if try !deliver(body) { return }
      }
    }
  }

  /// The ticks in `raw`; what is there of a damaged piece is used too.
  private func deliver(_ body: (Entry) throws -> Bool) throws -> Bool {
    try raw.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      while !reader.isAtEnd {
        guard let length = try? reader.fixed32(), let record = try? reader.raw(Int(length)),
          let entry = entry(of: record)
        else {
          damaged += 1
          return true
        }
        if try !body(entry) { return false }
      }
      return true
    }
  }

  private func entry(of record: UnsafeRawBufferPointer) -> Entry? {
    var reader = ByteReader(record)
    guard let length = try? reader.fixed32(), let frame = try? reader.raw(Int(length)) else { return nil }
    var inner = ByteReader(frame)
    guard let tick = try? inner.tickFrame(), let input = try? reader.raw(reader.rest) else { return nil }
    return Entry(frame: tick, input: input, record: record)
  }

  /// The next piece with a right checksum; garbage before it is skipped and counted.
  private func chunk() -> (RecordChunk.Kind, [UInt8])? {
    var window: UInt32 = 0
    var have = 0
    var isSearching = false
    while true {
      let byte = getc(file)
      guard byte != EOF else {
        isCut = isCut || have > 0
        return nil
      }
      bytesRead += 1
      window = window >> 8 | UInt32(UInt8(truncatingIfNeeded: byte)) << 24
      have += 1
      guard have >= 4, window == RecordChunk.magic else {
        if have >= 4, !isSearching {
          isSearching = true
          damaged += 1
          isInStream = false
        }
        continue
      }
      let start = ftell(file)
      if let piece = payload() { return piece }
      if feof(file) != 0 {
        isCut = true
        return nil
      }
      // A magic by chance, or a damaged piece: look on right behind it.
      fseek(file, start, SEEK_SET)
      if !isSearching {
        isSearching = true
        damaged += 1
        isInStream = false
      }
      have = 0
    }
  }

  private func payload() -> (RecordChunk.Kind, [UInt8])? {
    var head = [UInt8](repeating: 0, count: RecordChunk.headerSize - 4)
    guard fread(&head, 1, head.count, file) == head.count else { return nil }
    func word(_ index: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(head[index * 4 + $1]) << UInt32(8 * $1) }
    }
    guard let byte = UInt8(exactly: word(0)), let kind = RecordChunk.Kind(rawValue: byte) else { return nil }
    let length = Int(word(1))
    guard length <= RecordChunk.payloadMax else { return nil }
    var payload: [UInt8] = []
    // In steps, so that a forged length allocates no more than there is.
    while payload.count < length {
      let before = payload.count
      let step = min(1 << 20, length - before)
      payload.append(contentsOf: repeatElement(0, count: step))
      let count = payload.withUnsafeMutableBytes { fread($0.baseAddress.map { $0 + before }, 1, step, file) }
      guard count == step else { return nil }
    }
    guard CRC32.of(payload) == word(2) else { return nil }
    bytesRead += head.count + length
    return (kind, payload)
  }

  /// Appends what `payload` holds to `raw`.
  /// - Returns: false when it is damaged.
  private func decompress(_ payload: [UInt8], anew: Bool) -> Bool {
    if anew {
      ZSTD_DCtx_reset(stream, ZSTD_reset_session_only)
      raw.removeAll(keepingCapacity: true)
    }
    return payload.withUnsafeBytes { payload in
      var input = ZSTD_inBuffer(src: payload.baseAddress, size: payload.count, pos: 0)
      // A full output buffer may hide more that waits inside, also after the last byte of input.
      var isMoreWaiting = false
      while input.pos < input.size || isMoreWaiting {
        let (code, count) = output.withUnsafeMutableBytes { buffer in
          var out = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
          return (ZSTD_decompressStream(stream, &out, &input), out.pos)
        }
        guard ZSTD_isError(code) == 0, raw.count < RecordChunk.payloadMax else { return false }
        raw.append(contentsOf: output[..<count])
        isMoreWaiting = count == output.count
      }
      return true
    }
  }
}
