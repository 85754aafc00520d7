/// The ranges of one system call, and where in the buffer each known address comes to lie.
///
/// Neighbours on the heap are read as one range: a range costs more than the bytes between.
struct ReadBatch {
  private struct Entry {
    var address: UInt64
    var size: Int
    var isCold: Bool
  }

  /// A range with its place in the buffer.
  private struct Span {
    var start: UInt64
    var end: UInt64
    var place: Int
    var isRead: Bool
  }

  /// Bytes between two stretches that are read along rather than skipped.
  static let gapMax: UInt64 = 512

  /// What the coming call reads: frame, hot spans, cold spans when due, frame again.
  var ranges: [MemoryRange] { isFull ? fullRanges : hotRanges }
  private var isFull = false
  private(set) var size = 0
  /// Places of the frame counter.
  private(set) var frameFirst = 0
  private(set) var frameLast = 0
  private(set) var coldCount = 0

  private var entries: [Entry] = []
  private var spans: [Span] = []
  private var hotCount = 0
  private var hotRanges: [MemoryRange] = []
  private var fullRanges: [MemoryRange] = []
  private var hotSize = 0
  private var fullSize = 0
  private var frameSize = 0
  private var searched = 0..<0

  mutating func clear() {
    entries.removeAll(keepingCapacity: true)
  }

  mutating func add(_ address: UInt64, _ size: Int, isCold: Bool) {
    guard address >= 4_096, address < 1 << 47, size > 0, size <= 1 << 20 else { return }
    entries.append(Entry(address: address, size: size, isCold: isCold))
  }

  /// Lays the ranges out. `frame` is 0 when the counter's address is not known yet.
  mutating func finish(frame: UInt64, size frameSize: Int) {
    self.frameSize = frame == 0 ? 0 : frameSize
    entries.sortInPlace { ($0.isCold ? 1 : 0, $0.address) < ($1.isCold ? 1 : 0, $1.address) }
    spans.removeAll(keepingCapacity: true)
    hotRanges.removeAll(keepingCapacity: true)
    fullRanges.removeAll(keepingCapacity: true)
    var place = self.frameSize
    hotCount = 0
    var wasCold = false
    for entry in entries {
      let end = entry.address + UInt64(entry.size)
      if entry.isCold != wasCold {
        hotCount = spans.count
        wasCold = true
      } else if let last = spans.last, entry.address <= last.end + Self.gapMax {
        // Cold spans never grow into hot ones: the two come in separate runs.
        if end > last.end {
          place += Int(end - last.end)
          spans[spans.count - 1].end = end
        }
        continue
      }
      spans.append(Span(start: entry.address, end: end, place: place, isRead: true))
      place += entry.size
    }
    if !wasCold { hotCount = spans.count }
    coldCount = spans.count - hotCount
    let frameRange = MemoryRange(address: frame, count: UInt64(self.frameSize))
    if self.frameSize > 0 { hotRanges.append(frameRange) }
    hotSize = self.frameSize
    for span in spans[..<hotCount] {
      hotRanges.append(MemoryRange(address: span.start, count: span.end - span.start))
      hotSize += Int(span.end - span.start)
    }
    fullRanges.append(contentsOf: hotRanges)
    fullSize = place + self.frameSize
    for span in spans[hotCount...] {
      fullRanges.append(MemoryRange(address: span.start, count: span.end - span.start))
    }
    if self.frameSize > 0 {
      hotRanges.append(frameRange)
      fullRanges.append(frameRange)
    }
    hotSize += self.frameSize
  }

  /// Chooses what is read; gives the number of ranges.
  mutating func begin(isFull: Bool) -> Int {
    self.isFull = isFull
    size = isFull ? fullSize : hotSize
    frameFirst = 0
    frameLast = size - frameSize
    searched = 0..<(isFull ? spans.count : hotCount)
    for index in searched { spans[index].isRead = true }
    isWhole = true
    isFrameRead = frameSize > 0
    return ranges.count
  }

  /// Every range could be read.
  private(set) var isWhole = true
  /// The counter was read before and after.
  private(set) var isFrameRead = false

  mutating func markUnread(_ range: Int) {
    isWhole = false
    if frameSize > 0, range == 0 || range == ranges.count - 1 {
      isFrameRead = false
      return
    }
    spans[range - (frameSize > 0 ? 1 : 0)].isRead = false
  }

  /// Where these bytes lie in the buffer; nil when they were not read.
  /// - Complexity: O(log n) over the ranges, both the hot and the cold run.
  func place(_ address: UInt64, _ size: Int) -> Int32? {
    find(address, size, in: 0..<hotCount)
      ?? (searched.count > hotCount ? find(address, size, in: hotCount..<spans.count) : nil)
  }

  private func find(_ address: UInt64, _ size: Int, in run: Range<Int>) -> Int32? {
    var (low, high) = (run.lowerBound, run.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > run.lowerBound else { return nil }
    let span = spans[low - 1]
    guard span.isRead, address + UInt64(size) <= span.end else { return nil }
    return Int32(span.place + Int(address - span.start))
  }
}

extension Array {
  /// Sorts without a buffer beside the array, which `sort` would allocate. Not stable.
  /// - Complexity: O(n log n).
  fileprivate mutating func sortInPlace(by precedes: (Element, Element) -> Bool) {
    func sink(_ start: Int, _ end: Int) {
      var parent = start
      while case var child = 2 * parent + 1, child < end {
        if child + 1 < end, precedes(self[child], self[child + 1]) { child += 1 }
        guard precedes(self[parent], self[child]) else { return }
        swapAt(parent, child)
        parent = child
      }
    }
    for start in stride(from: count / 2 - 1, through: 0, by: -1) { sink(start, count) }
    for end in stride(from: count - 1, to: 0, by: -1) {
      swapAt(0, end)
      sink(0, end)
    }
  }
}
