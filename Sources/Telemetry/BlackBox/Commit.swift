/// How far the consumer has come: what is in the files, and what of the queues is therefore done with.
///
/// Two blocks are written in turn, each with a checksum, so that one is whole at any instant. After a crash the files
/// are cut to these lengths and the queues drained again from these positions: nothing is lost, nothing stands twice.
struct Commit: Equatable {
  static let fileCount = 7

  var sequence: UInt64 = 0
  /// Position in the tick queue up to which texts are in the files.
  var text: UInt64 = 0
  /// The same for `session.record`, which lags behind for better compression.
  var record: UInt64 = 0
  var edge: UInt64 = 0
  /// Ticks that were brought into the slots.
  var slots: UInt64 = 0
  /// Length of each file, in the order of `SessionFiles.names`.
  var lengths = [UInt64](repeating: 0, count: Commit.fileCount)

  private var words: [UInt64] { [sequence, text, record, edge, slots] + lengths }

  func store(in box: BlackBox) {
    let offset = BlackBoxLayout.commitAt + Int(sequence & 1) * BlackBoxLayout.commitSize
    var sum: UInt64 = 0
    words.withUnsafeBytes { bytes in
      sum = UInt64(CRC32.of(bytes)) | 1 << 32
      // The checksum is void while the words change.
      box.word(at: offset).store(0)
      (box.base + offset + 8).copyMemory(
        from: bytes.baseAddress ?? UnsafeRawPointer(box.base), byteCount: bytes.count)
    }
    box.word(at: offset).store(sum)
  }

  /// The newest whole block; nil when the session has never committed.
  static func load(from box: BlackBox) -> Commit? {
    var newest: Commit?
    for index in 0..<2 {
      let offset = BlackBoxLayout.commitAt + index * BlackBoxLayout.commitSize
      let words = (0..<5 + fileCount).map { box.load(at: offset + 8 + 8 * $0) }
      let sum = words.withUnsafeBytes { UInt64(CRC32.of($0)) | 1 << 32 }
      guard box.word(at: offset).load() == sum, words[0] >= newest?.sequence ?? 0 else { continue }
      newest = Commit(
        sequence: words[0], text: words[1], record: words[2], edge: words[3], slots: words[4],
        lengths: Array(words[5...]))
    }
    return newest
  }
}
