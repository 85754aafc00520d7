import CZstd
import Glibc

/// The bytes of a file; of a `.zst` file, what was packed into it.
///
/// Memory does not grow with either size. A class because it owns a descriptor and a decompressor.
final class PackedFile {
  private let descriptor: Int32
  /// Nil for a plain file.
  private let stream: OpaquePointer?
  private var packed: [UInt8] = []
  private var input = ZSTD_inBuffer()
  private var isInFrame = false
  /// The last answer was full: the decompressor may have more before it needs more.
  private var hasMore = false
  /// What is packed is cut or damaged; what came before has been given out.
  private(set) var isBroken = false

  static let suffix = ".zst"

  /// Opens `path`, or else `path.zst`; nil when neither can be opened.
  init?(_ path: String) {
    let plain = open(path, O_RDONLY | O_CLOEXEC)
    descriptor = plain >= 0 ? plain : open(path + Self.suffix, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    stream = plain < 0 || path.hasSuffix(Self.suffix) ? ZSTD_createDCtx() : nil
    if stream != nil { packed = [UInt8](repeating: 0, count: 128 << 10) }
  }

  deinit {
    close(descriptor)
    ZSTD_freeDCtx(stream)
  }

  /// - Returns: how many bytes came; 0 at the end.
  func read(_ target: UnsafeMutableRawPointer, _ size: Int) -> Int {
    guard let stream else { return readSome(target, size) }
    var output = ZSTD_outBuffer(dst: target, size: size, pos: 0)
    while output.pos == 0, !isBroken {
      if input.pos == input.size, !hasMore {
        let count = packed.withUnsafeMutableBytes { readSome($0.baseAddress, $0.count) }
        guard count > 0 else {
          isBroken = isInFrame
          break
        }
        input.size = count
        input.pos = 0
      }
      let rest = packed.withUnsafeBytes { bytes in
        input.src = bytes.baseAddress
        return ZSTD_decompressStream(stream, &output, &input)
      }
      isBroken = ZSTD_isError(rest) != 0
      isInFrame = rest != 0
      hasMore = output.pos == size
    }
    return output.pos
  }

  private func readSome(_ target: UnsafeMutableRawPointer?, _ size: Int) -> Int {
    while true {
      let count = Glibc.read(descriptor, target, size)
      if count < 0 && errno == EINTR { continue }
      return max(0, count)
    }
  }
}
