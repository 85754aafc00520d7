import Glibc

/// What a record in a queue is.
enum QueueKind: UInt8 {
  /// A tick: length of the frame (u32), the frame, the input's bytes.
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

  /// Adds one record made of two parts.
  /// - Returns: false when there was no room; nothing is added then.
  mutating func push(
    _ kind: QueueKind, limit: LogTier, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil
  ) -> Bool {
    let length = first.count + (second?.count ?? 0)
    let need = Self.headerSize + Self.padded(length)
    var offset = Int(position % UInt64(capacity))
    let toEnd = capacity - offset
    let filler = toEnd < need ? toEnd : 0
    guard need <= capacity / 2, used + filler + need <= capacity else { return false }
    if filler > 0 {
      // The ring's end has always room for the length and kind of a filler: all sizes are multiples of 8.
      putHeader(at: offset, length: filler, kind: .filler, limit: limit)
      position += UInt64(filler)
      offset = 0
    }
    putHeader(at: offset, length: length, kind: kind, limit: limit)
    base.storeBytes(of: position, toByteOffset: offset + 8, as: UInt64.self)
    let target = base + offset + Self.headerSize
    if let source = first.baseAddress { memcpy(target, source, first.count) }
    if let second, let source = second.baseAddress { memcpy(target + first.count, source, second.count) }
    position += UInt64(need)
    written.store(position)
    return true
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
