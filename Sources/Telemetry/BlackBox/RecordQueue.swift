import Glibc

/// What a record in a queue is.
enum QueueKind: UInt8 {
  /// A tick: length of the frame (u32), the flat frame, the flat input.
  case tick = 1
  /// A log record with its time and tick.
  case log
  /// Skips to the end of the ring.
  case filler = 0xFF
}

/// One queue in the mapping: a ring of records, one producer, one consumer.
///
/// A record: length u32, kind u8, limit u8 (the loosest tier to be written), two bytes 0, its position u64, payload,
/// filled up to 8 bytes. It exists once `written` has passed it, so that a dying producer leaves no half record.
struct RecordQueue {
  static let headerSize = 16

  let base: UnsafeMutableRawPointer
  let capacity: Int
  let written: SharedWord
  let freed: SharedWord
  /// The producer's position. Kept by the producer alone.
  private(set) var position: UInt64

  init(_ box: BlackBox, isEdge: Bool) {
    base = box.base + (isEdge ? BlackBoxLayout.edgeQueueAt : BlackBoxLayout.queueAt)
    capacity = isEdge ? BlackBoxLayout.edgeQueueSize : box.queueSize
    written = box.word(at: isEdge ? BlackBoxLayout.edgeWrittenAt : BlackBoxLayout.writtenAt)
    freed = box.word(at: isEdge ? BlackBoxLayout.edgeFreedAt : BlackBoxLayout.freedAt)
    position = written.load()
  }

  /// Bytes in use, as the producer sees it.
  var used: Int { Int(position - freed.load()) }

  /// Part of the queue that is in use. Range: `0...1`.
  var fill: Double { Double(used) / Double(capacity) }

  private static func padded(_ count: Int) -> Int { (count + 7) & ~7 }

  /// Adds one record of at most `sizeMax` bytes, which `write` puts where it belongs.
  /// - Returns: false when there was no room; nothing is added then.
  @inline(__always) mutating func push(
    _ kind: QueueKind, limit: LogTier, upTo sizeMax: Int, _ write: (inout FlatWriter) -> Void
  ) -> Bool {
    guard let target = reserve(sizeMax, limit) else { return false }
    var writer = FlatWriter(target)
    write(&writer)
    let length = writer.next - target
    precondition(length <= sizeMax, "a record is larger than it said")
    let offset = target - Self.headerSize - base
    putHeader(at: offset, length: length, kind: kind, limit: limit)
    base.storeBytes(of: position, toByteOffset: offset + 8, as: UInt64.self)
    position += UInt64(Self.headerSize + Self.padded(length))
    written.store(position)
    return true
  }

  /// Adds one record.
  /// - Returns: false when there was no room; nothing is added then.
  mutating func push(_ kind: QueueKind, limit: LogTier, _ bytes: UnsafeRawBufferPointer) -> Bool {
    push(kind, limit: limit, upTo: bytes.count) { $0.put(raw: bytes) }
  }

  /// Where the payload of the next record goes; nil when `size` bytes do not fit.
  private mutating func reserve(_ size: Int, _ limit: LogTier) -> UnsafeMutableRawPointer? {
    let need = Self.headerSize + Self.padded(size)
    let offset = Int(position % UInt64(capacity))
    let toEnd = capacity - offset
    let filler = toEnd < need ? toEnd : 0
    guard need <= capacity / 2, used + filler + need <= capacity else { return nil }
    guard filler > 0 else { return base + offset + Self.headerSize }
    // The ring's end has always room for the length and kind of a filler: all sizes are multiples of 8.
    putHeader(at: offset, length: filler, kind: .filler, limit: limit)
    position += UInt64(filler)
    return base + Self.headerSize
  }

  private func putHeader(at offset: Int, length: Int, kind: QueueKind, limit: LogTier) {
    base.storeBytes(of: UInt32(length), toByteOffset: offset, as: UInt32.self)
    base.storeBytes(
      of: UInt32(kind.rawValue) | UInt32(limit.rawValue) << 8, toByteOffset: offset + 4, as: UInt32.self)
  }

  /// A record and the position after it.
  struct Item {
    let kind: QueueKind
    let limit: LogTier
    let payload: UnsafeRawBufferPointer
    let end: UInt64
  }

  /// The record at `position`; nil at the end. Garbage (after a power loss) ends the queue too.
  func item(at start: UInt64) -> Item? {
    let end = written.load()
    var position = start
    guard end >= position, end - position <= UInt64(capacity) else { return nil }
    while position < end {
      let offset = Int(position % UInt64(capacity))
      let length = Int(base.load(fromByteOffset: offset, as: UInt32.self))
      let word = base.load(fromByteOffset: offset + 4, as: UInt32.self)
      guard let kind = QueueKind(rawValue: UInt8(truncatingIfNeeded: word)),
        let limit = LogTier(rawValue: UInt8(truncatingIfNeeded: word >> 8))
      else { return nil }
      if kind == .filler {
        guard length == capacity - offset else { return nil }
        position += UInt64(length)
        continue
      }
      let need = Self.headerSize + Self.padded(length)
      guard offset + need <= capacity, position + UInt64(need) <= end,
        base.load(fromByteOffset: offset + 8, as: UInt64.self) == position
      else { return nil }
      return Item(
        kind: kind, limit: limit,
        payload: UnsafeRawBufferPointer(start: base + offset + Self.headerSize, count: length),
        end: position + UInt64(need))
    }
    return nil
  }
}
