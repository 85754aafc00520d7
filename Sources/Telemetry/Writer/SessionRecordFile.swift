import CZstd
import Core

/// The form of `session.record`: chunks, each with a checksum; ticks are compressed as one running stream.
///
/// A chunk: magic u32, kind u8 and three bytes 0, length u32, CRC-32 of the payload u32, payload. Cut at any byte, all
/// chunks before the cut can be read.
public enum RecordChunk {
  public static let magic: UInt32 = 0x4345_5243  // "CREC"
  public static let headerSize = 16
  public static let payloadMax = 64 << 20

  public enum Kind: UInt8, Sendable {
    /// The session's header as JSON.
    case header = 1
    /// Learned state at start, compressed.
    case learned
    /// The next piece of the running stream.
    case ticks
    /// The same, but the stream begins anew here.
    case ticksAnew
  }

  public static func bytes(_ kind: Kind, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(headerSize + payload.count)
    func put(_ word: UInt32) { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
    put(magic)
    put(UInt32(kind.rawValue))
    put(UInt32(payload.count))
    put(CRC32.of(payload))
    bytes += payload
    return bytes
  }
}

/// Compresses the stream of ticks. A class because it owns a compressor.
///
/// In the stream each tick is: length u32, then the record as it was in the queue.
public final class RecordCompressor {
  private let stream: OpaquePointer?
  private var raw: [UInt8] = []
  private var output = [UInt8](repeating: 0, count: 256 << 10)
  private var begins = true
  private var chunksSinceStart = 0

  /// Chunks after which the stream begins anew, so that damage costs little.
  private static let chunksPerStream = 120

  public init(level: Int32 = 3) {
    stream = ZSTD_createCCtx()
    ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, level)
  }

  deinit { ZSTD_freeCCtx(stream) }

  public var pendingBytes: Int { raw.count }

  public func append(_ record: UnsafeRawBufferPointer) {
    withUnsafeBytes(of: UInt32(record.count).littleEndian) { raw.append(contentsOf: $0) }
    raw.append(contentsOf: record)
  }

  /// What the reader has of the stream so far is no longer to be relied on.
  func restart() { begins = true }

  /// The chunk with all that was appended; nil when there is nothing.
  public func chunk() -> [UInt8]? {
    guard !raw.isEmpty, stream != nil else { return nil }
    chunksSinceStart += 1
    if begins || chunksSinceStart > Self.chunksPerStream {
      ZSTD_CCtx_reset(stream, ZSTD_reset_session_only)
      begins = true
      chunksSinceStart = 0
    }
    var payload: [UInt8] = []
    let isWhole = raw.withUnsafeBytes { raw -> Bool in
      var input = ZSTD_inBuffer(src: raw.baseAddress, size: raw.count, pos: 0)
      while true {
        let (rest, count) = output.withUnsafeMutableBytes { buffer in
          var out = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
          let rest = ZSTD_compressStream2(stream, &out, &input, ZSTD_e_flush)
          return (rest, out.pos)
        }
        guard ZSTD_isError(rest) == 0 else { return false }
        payload.append(contentsOf: output[..<count])
        if rest == 0 && input.pos == input.size { return true }
      }
    }
    raw.removeAll(keepingCapacity: true)
    guard isWhole else {
      begins = true
      return nil
    }
    defer { begins = false }
    return RecordChunk.bytes(begins ? .ticksAnew : .ticks, payload)
  }

  /// `bytes` compressed at once.
  public static func compressed(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, level)
    return ZSTD_isError(count) == 0 ? Array(output[..<count]) : []
  }
}
