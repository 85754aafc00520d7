import CZlib

/// zlib streams, bounded.
enum Inflate {
  /// Exactly `size` bytes out of `source`; nil for anything else.
  ///
  /// - Parameter raw: deflate data without the zlib head (zip files).
  static func inflate(_ source: ArraySlice<UInt8>, size: Int, raw: Bool = false) -> [UInt8]? {
    guard size >= 0, size <= Int(UInt32.max), source.count <= Int(UInt32.max) else { return nil }
    var stream = z_stream()
    guard
      inflateInit2_(&stream, raw ? -15 : 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
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
}
