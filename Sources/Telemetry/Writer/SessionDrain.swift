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
  private let scratch = Scratch()
  private let writesRecord: Bool
  /// Brings files to the disk every second; otherwise at the end alone.
  private let syncs: Bool
  /// Brings inputs into the form of the record; they stay as they are when nil.
  var packer: (any InputPacking)?
  private(set) var commit: Commit
  /// The end of what the compressor has taken in.
  private var recordTaken: UInt64

  /// A class because it owns memory.
  private final class Scratch {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
    deinit { bytes.deallocate() }
  }

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

  init(box: BlackBox, files: SessionFiles, writesRecord: Bool, syncs: Bool = true, commit: Commit? = nil) {
    self.box = box
    self.files = files
    self.writesRecord = writesRecord
    self.syncs = syncs
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
  mutating func step(now: Int64, isLast: Bool = false) {
    while let item = edgeQueue.item(at: commit.edge) {
      takeLog(item.payload)
      commit.edge = item.end
    }
    // What a dead process brought into the texts may have to come into the record yet.
    while let item = queue.item(at: writesRecord ? min(commit.text, recordTaken) : commit.text) {
      take(item)
      if compressor.pendingBytes >= Self.recordFlushBytes { takeChunk(now: now) }
    }
    if isLast { formatter.finish(at: lastTime, tick: lastTick, to: &files) }
    if writesRecord, isLast || now - recordFlushedAt >= Self.recordFlushInterval { takeChunk(now: now) }
    // At the end everything is tried once more, whatever was to wait.
    flush(now: isLast ? Int64.max / 2 : now)
    if syncs && now - syncedAt >= Self.syncInterval || isLast {
      syncedAt = now
      let error = files.sync()
      if error != 0, error != syncError { write(.fault(.diskFailed), error: error) }
      syncError = error
      box.sync()
    }
    guard files.recordIsBroken else { return }
    files.recordIsBroken = false
    compressor.restart()
    packer?.reset()
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

  private mutating func take(_ item: RecordQueue.Item) {
    let isNew = item.end > commit.text
    switch item.kind {
    case .tick: takeTick(item, isNew: isNew)
    case .log where isNew: takeLog(item.payload)
    case .log, .filler: break
    }
    if isNew { commit.text = item.end }
    recordTaken = item.end
  }

  /// A tick goes into the black box, the texts and the record.
  private mutating func takeTick(_ item: RecordQueue.Item, isNew: Bool) {
    var reader = ByteReader(item.payload)
    do {
      var inner = ByteReader(try reader.raw(Int(try reader.fixed32())))
      let frame = try inner.flatTick()
      var writer = ByteWriter(scratch.bytes)
      let mark = writer.placeholder()
      writer.put(frame)
      writer.patch(mark, UInt32(writer.count - mark - 4))
      if isNew {
        box.writeSlot(number: commit.slots, UnsafeRawBufferPointer(rebasing: writer.bytes.dropFirst(mark + 4)))
        commit.slots += 1
        lastTick = frame.tick.slot
        lastTime = frame.timing.monotonic
        formatter.write(frame, loosest: item.limit, to: &files)
        if let event = frame.events.first(where: \.wantsForensics) { forensicReason = event.key }
      }
      if writesRecord { takeRecord(&writer, input: try reader.raw(reader.rest)) }
    } catch {
      undecodable += 1
    }
  }

  /// - Parameter writer: Holds the frame; the input follows it.
  private mutating func takeRecord(_ writer: inout ByteWriter, input: UnsafeRawBufferPointer) {
    let frame = writer
    if input.isEmpty {
      packer?.reset()
    } else if let packer {
      packer.pack(input, into: &writer)
    } else {
      writer.put(raw: input)
    }
    if writer.isFull {
      packer?.reset()
      writer = frame
    }
    compressor.append(writer.bytes)
  }

  /// Compresses ticks in larger pieces than texts are written in.
  private mutating func takeChunk(now: Int64) {
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
