import Core
import Glibc

/// Brings what is in the queues into the files. One owner: the writer thread, the inline writer, or a recovery.
struct SessionDrain {
  private let box: BlackBox
  private let queue: RecordQueue
  private let edgeQueue: RecordQueue
  private var files: SessionFiles
  private var formatter: SessionFormatter
  private let compressor = RecordCompressor()
  private let writesRecord: Bool
  private(set) var commit: Commit
  /// The end of what the compressor has taken in.
  private var recordTaken: UInt64
  private var recordFlushedAt: Int64 = 0
  private var syncedAt: Int64 = 0
  /// The trouble with the disk that the log has been told of.
  private var toldError: Int32 = 0
  private var syncError: Int32 = 0
  private(set) var lastTick = 0
  private(set) var lastTime: Int64
  private(set) var undecodable = 0
  /// Why the 300 ticks before now should be kept; taken by the owner.
  private(set) var forensicReason: String?

  /// How long ticks may stay uncompressed in the queue.
  static let recordFlushInterval: Int64 = 1_000_000_000
  static let recordFlushBytes = 96 << 10
  static let syncInterval: Int64 = 1_000_000_000

  init(box: BlackBox, files: SessionFiles, writesRecord: Bool, commit: Commit? = nil) {
    self.box = box
    self.files = files
    self.writesRecord = writesRecord
    queue = RecordQueue(box, isEdge: false)
    edgeQueue = RecordQueue(box, isEdge: true)
    formatter = SessionFormatter(wall: box.wall, monotonic: box.monotonic)
    var first = Commit()
    first.lengths = files.lengths
    self.commit = commit ?? first
    recordTaken = self.commit.record
    lastTime = box.monotonic
  }

  /// Why files cannot be written now; 0 when all can.
  var diskError: Int32 { toldError }

  /// The session's header, and its learned state, as the first chunks of the record.
  mutating func begin(header: [UInt8], learned: [UInt8]) {
    guard writesRecord else { return }
    files.append(.record, RecordChunk.bytes(.header, header))
    if !learned.isEmpty {
      files.append(.record, RecordChunk.bytes(.learned, RecordCompressor.compressed(learned)))
    }
    flush(now: lastTime)
  }

  /// Formats and writes everything that is in the queues.
  /// - Parameter now: monotonic nanoseconds, for intervals.
  /// - Returns: true when the record lost bytes, so that the next input must stand alone.
  @discardableResult
  mutating func step(now: Int64, isLast: Bool = false) -> Bool {
    while let item = edgeQueue.item(at: commit.edge) {
      takeLog(item.payload)
      commit.edge = item.end
    }
    while let item = queue.item(at: commit.text) {
      takeTick(item)
      commit.text = item.end
    }
    if isLast { formatter.finish(at: lastTime, tick: lastTick, to: &files) }
    takeRecord(now: now, isLast: isLast)
    // At the end everything is tried once more, whatever was to wait.
    flush(now: isLast ? Int64.max / 2 : now)
    if now - syncedAt >= Self.syncInterval || isLast {
      syncedAt = now
      let error = files.sync()
      if error != 0, error != syncError { write(.fault(.diskFailed), error: error) }
      syncError = error
      box.sync()
    }
    guard files.recordIsBroken else { return false }
    files.recordIsBroken = false
    compressor.restart()
    return true
  }

  private mutating func flush(now: Int64) {
    let recovered = files.flush(now: now)
    for dropout in recovered {
      write(
        LogRecord(
          tier: .event, subsystem: .session, key: "log.dropout",
          fields: [
            Field("file", .text(dropout.file.fileName)), Field("lines", .integer(dropout.lines)),
            Field("cause", .text("disk")), Field("error", .text(errorText(dropout.error))),
          ]))
    }
    tellOfDisk()
    commit.sequence += 1
    commit.lengths = files.lengths
    commit.store(in: box)
    queue.freed.store(writesRecord ? min(commit.text, commit.record) : commit.text)
    edgeQueue.freed.store(commit.edge)
  }

  /// One event when files cannot be written any more (it waits with the others), one when all can again.
  private mutating func tellOfDisk() {
    let error = files.error
    guard (error == 0) != (toldError == 0) else { return }
    let told = error == 0 ? toldError : error
    let fault: Fault = told == ENOSPC || told == EDQUOT ? .diskFull : .diskFailed
    write(error == 0 ? .recovery(fault) : .fault(fault), error: told)
    toldError = error
  }

  private mutating func write(_ event: SessionEvent, error: Int32) {
    var record = LogRecord(tier: .event, subsystem: .session, key: event.key)
    event.fields { record.fields.append(Field("\($0)", $1)) }
    record.fields.append(Field("error", .text(errorText(error))))
    write(record)
  }

  /// A line of the drain's own.
  mutating func write(_ record: LogRecord) {
    formatter.write(record, at: lastTime, tick: lastTick, to: &files)
  }

  private mutating func takeLog(_ payload: UnsafeRawBufferPointer) {
    var reader = ByteReader(payload)
    do {
      let time = Int64(bitPattern: try reader.fixed64())
      let tick = try reader.integer()
      let record = try reader.logRecord()
      formatter.write(record, at: time, tick: tick, to: &files)
      lastTime = max(lastTime, time)
      if record.wantsForensics { forensicReason = record.key }
    } catch {
      undecodable += 1
    }
  }

  private mutating func takeTick(_ item: RecordQueue.Item) {
    guard item.kind == .tick else { return takeLog(item.payload) }
    var reader = ByteReader(item.payload)
    do {
      let length = Int(try reader.fixed32())
      var inner = ByteReader(try reader.raw(length))
      let frame = try inner.tickFrame()
      lastTick = frame.tick.slot
      lastTime = frame.timing.monotonic
      formatter.write(frame, loosest: item.limit, to: &files)
      if let event = frame.events.first(where: \.wantsForensics) { forensicReason = event.key }
    } catch {
      undecodable += 1
    }
  }

  /// Compresses ticks in larger pieces than texts are written in.
  private mutating func takeRecord(now: Int64, isLast: Bool) {
    guard writesRecord else { return }
    while let item = queue.item(at: recordTaken), item.end <= commit.text {
      if item.kind == .tick { compressor.append(item.payload) }
      recordTaken = item.end
    }
    let isDue = isLast || now - recordFlushedAt >= Self.recordFlushInterval
    guard isDue || compressor.pendingBytes >= Self.recordFlushBytes else { return }
    recordFlushedAt = now
    if let chunk = compressor.chunk() { files.append(.record, chunk) }
    commit.record = recordTaken
  }

  mutating func takeForensicReason() -> String? {
    defer { forensicReason = nil }
    return forensicReason
  }

  /// The last step: everything out, synced, closed.
  mutating func finish(now: Int64) {
    step(now: now, isLast: true)
    // Its own account of what it lost.
    flush(now: Int64.max / 2)
    files.finish()
  }
}
