import Core
import Glibc
import Testing

@testable import Telemetry

@Suite struct QueueTests {
  @Test func `a queue gives back what went in, in order, over many turns, and refuses what does not fit`() throws {
    for seed in UInt64(1)...8 {
      let scratch = ScratchDirectory()
      let box = try BlackBox.create(
        "\(scratch.path)/ring", queueSize: 4096, session: 1, wall: 0, monotonic: 0)
      var queue = RecordQueue(box, isEdge: false)
      var generator = SeededGenerator(seed: seed)
      var waiting: [[UInt8]] = []
      var position: UInt64 = 0
      for _ in 0..<5000 {
        if generator.chance(0.6) {
          let bytes = (0..<generator.integer(0...900)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
          // Whoever writes may have asked for more room than it needs.
          let spare = generator.integer(0...99)
          let isIn = bytes.withUnsafeBytes { all in
            queue.push(.tick, limit: .debug, upTo: bytes.count + spare) { $0.put(raw: all) }
          }
          if isIn { waiting.append(bytes) }
          #expect(isIn || queue.used > 1500, "seed \(seed)")
        } else if let item = queue.item(at: position) {
          #expect(Array(item.payload) == waiting.removeFirst(), "seed \(seed)")
          position = item.end
          queue.freed.store(position)
        }
      }
      while let item = queue.item(at: position) {
        #expect(Array(item.payload) == waiting.removeFirst(), "seed \(seed)")
        position = item.end
      }
      #expect(waiting.isEmpty)
    }
  }

  @Test func `the checksum is that of zip and PNG`() {
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of([]) == 0)
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let parts = bytes.withUnsafeBytes { all in
      CRC32.of(
        UnsafeRawBufferPointer(rebasing: all[333...]), after: CRC32.of(UnsafeRawBufferPointer(rebasing: all[..<333])))
    }
    #expect(parts == CRC32.of(bytes))
  }

  @Test func `floods are thinned out and told of`() throws {
    var limit = RateLimit(linesPerSecond: 3)
    let passed = (0..<10).filter { limit.admit("k", at: Int64($0)).passes }
    #expect(passed == [0, 1, 2])
    let next = limit.admit("k", at: 1_000_000_000)
    #expect(next.passes && next.suppressed == 7)
  }

  @Test func `old sessions go, the newest five and those being written stay`() throws {
    let scratch = ScratchDirectory()
    let store = SessionStore(root: scratch.path)
    var names: [String] = []
    for day in 0..<8 {
      let path = "\(scratch.path)/day\(day)"
      let writer = try SessionWriter(directory: path, header: header, options: .inline, wall: 0, monotonic: 0)
      writer.record(syntheticTick(0))
      writer.close(SessionSummary(reason: "duration"))
      // Packed by hand.
      if day == 1 { rename("\(path)/session.log", "\(path)/session.log.zst") }
      names.append(path)
    }
    #expect(store.sessions == names)
    #expect(store.sweep().isEmpty)
    let inTenDays = Int64(time(nil) + 10 * 86_400) * 1_000_000_000
    #expect(store.sweep(wall: inTenDays) == Array(names.prefix(3)))
    #expect(store.sessions == Array(names.dropFirst(3)))
  }
}

@Suite struct BlackBoxPagesTests {
  @Test func `the quick sum sees every flipped bit`() {
    let bytes = (0..<203).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let whole = bytes.withUnsafeBytes { QuickSum.of($0) }
    for index in bytes.indices {
      for bit in 0..<8 {
        var other = bytes
        other[index] ^= 1 << UInt8(bit)
        #expect(other.withUnsafeBytes { QuickSum.of($0) } != whole)
      }
    }
    #expect(bytes.dropLast().withUnsafeBytes { QuickSum.of($0) } != whole)
  }

  @Test func `making pages writable ahead changes nothing in them`() throws {
    let scratch = ScratchDirectory()
    let box = try BlackBox.create(
      "\(scratch.path)/ring", queueSize: 64 << 10, session: 1, wall: 0, monotonic: 0)
    var queue = RecordQueue(box, isEdge: false)
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0) }
    for slot in 0..<310 {
      bytes.withUnsafeBytes { box.writeSlot(number: UInt64(slot), $0) }
      _ = bytes.withUnsafeBytes { queue.push(.tick, limit: .debug, $0) }
    }
    let before = [UInt8](UnsafeRawBufferPointer(start: box.base, count: box.size))
    for slot in [0, 299, 310, 1_000_003] { box.touchAhead(position: UInt64(slot) * 3016) }
    #expect(before.elementsEqual(UnsafeRawBufferPointer(start: box.base, count: box.size)))
  }
}
