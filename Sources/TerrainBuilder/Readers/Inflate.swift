import CZlib

/// zlib streams, bounded.
enum Inflate {
  /// Exactly `size` bytes out of `source`; nil for anything else.
  ///
  /// - Parameter raw: deflate data without the zlib head (zip files).
  static func inflate(_ source: ArraySlice<UInt8>, size: Int, raw: Bool = false) -> [UInt8]? {
    inflate(source, size: size, window: raw ? -15 : 15)
  }

  private static func inflate(_ source: ArraySlice<UInt8>, size: Int, window: Int32) -> [UInt8]? {
    // No stream grows more than 1032-fold, so no small one makes us hold much.
    guard size >= 0, size <= Int(UInt32.max), source.count <= Int(UInt32.max), size <= source.count * 1032 + 64 else {
      return nil
    }
    var stream = z_stream()
    guard
      inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    // One byte more than promised, so that a stream that goes on is noticed.
    var result = [UInt8](repeating: 0, count: size + 1)
    let isWhole = source.withUnsafeBufferPointer { input in
      result.withUnsafeMutableBufferPointer { output in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && Int(stream.total_out) == size
      }
    }
    guard isWhole else { return nil }
    result.removeLast()
    return result
  }

  /// The contents of a gzip file, if they are at most `most` bytes.
  static func gunzip(_ source: [UInt8], most: Int) -> [UInt8]? {
    guard source.count >= 18, source.count <= Int(UInt32.max) else { return nil }
    // The last four bytes are the size.
    let size = source.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= most else { return nil }
    return inflate(source[...], size: size, window: 31)
  }
}
