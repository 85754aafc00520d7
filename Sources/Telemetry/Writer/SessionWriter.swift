import CLinux
import Core
import Glibc
import Synchronization

/// Writes a session: the tick thread hands over records, and a thread of its own makes files of them.
///
///     let writer = try SessionWriter(directory: "out/session", header: header)
///     writer.record(tickRecord)                    // tick thread: one copy into mapped memory, nothing else
///     writer.log(.session, .runtime, "target.attached", [("process", .integer(4711))])  // any thread
///     writer.close(SessionSummary(reason: "duration"))
///
/// A simulation takes `options.isThreaded = false`: the caller's thread then does the writing, every few ticks, on the
/// virtual clock of its records.
///
/// A class because it owns a mapping and a thread. `@unchecked Sendable`: `queue` and `dropout` belong
/// to the tick thread alone, `drain` to the writer thread (to the tick thread when there is none), the rest is atomic
/// or behind a lock.
public final class SessionWriter: @unchecked Sendable {
  public struct Options: Sendable {
    /// A thread of its own does the writing.
    public var isThreaded = true
    /// Room on the disk for T1, T2 and receipts when it is full otherwise.
    public var reserveBytes = 16 << 20
    /// Records that wait for the writer; a tick takes about 2 KiB and 120 bytes for each entity in sight.
    public var queueBytes = 16 << 20
    /// The loosest tier that is written.
    public var loosestTier = LogTier.debug
    /// Whether `session.record` is written.
    public var writesRecord = true
    /// What stands between the writer and the disk.
    var output: DiskOutput = systemOutput

    public init() {}

    /// For a simulation: no thread, no reserve, a small queue.
    public static var inline: Options {
      var options = Options()
      options.isThreaded = false
      options.reserveBytes = 0
      options.queueBytes = 1 << 20
      return options
    }
  }

  public let directory: String
  private let options: Options
  private let header: SessionHeader
  private let identity: UInt64
  private let box: BlackBox
  private let startedWall: Int64
  private let startedMonotonic: Int64

  // The tick thread's.
  private var queue: RecordQueue
  private var ticksSinceStep = 0
  private var dropout = Dropout()

  // The writer thread's.
  private var drain: SessionDrain
  private var forensicsAt: Int64 = .min
  private var thread: pthread_t?

  // Shared.
  private let edge: Mutex<EdgeProducer>
  private let packer = Mutex<(any InputPacking)?>(nil)
  private let forensicsWanted = Mutex<String?>(nil)
  private let isClosing = Atomic<Bool>(false)
  private let recordedCount = Atomic<Int>(0)
  private let droppedCount = Atomic<Int>(0)
  private let diskError = Atomic<Int32>(0)
  /// How far the tick queue is written.
  private let ahead: SharedWord
  private let wakeup: Int32

  /// Ticks that the queue could not take whole.
  private struct Dropout {
    var tier: LogTier?
    var count = 0
    var first = 0
    var last = 0
  }

  private struct EdgeProducer {
    var queue: RecordQueue
    var scratch: UnsafeMutableRawBufferPointer
    var lost = 0
    var tick = 0
  }

  /// Opens a session in `directory`, which is made when it is missing.
  /// - Parameters:
  ///   - wall: nanoseconds since 1970 at the start; the clock of now when nil.
  ///   - monotonic: the reading, at the start, of the clock that `TickTiming.monotonic` uses; CLOCK_MONOTONIC when nil.
  /// - Throws: `.exists` when a session is there already, `.cannotCreate` when the disk refuses.
  public init(
    directory: String, header: SessionHeader, options: Options = Options(), wall: Int64? = nil,
    monotonic: Int64? = nil
  ) throws(SessionError) {
    self.directory = directory
    self.options = options
    self.header = header
    startedWall = wall ?? wallNanoseconds()
    startedMonotonic = monotonic ?? linux_monotonic_nanoseconds()
    var hash = StableHash(seed: UInt64(bitPattern: startedWall))
    hash.combine(Int(getpid()))
    hash.combine(directory)
    identity = hash.value
    let code = makeDirectories(directory)
    guard code == 0 else { throw .cannotCreate(directory, errno: code) }
    let headerPath = "\(directory)/\(SessionFileName.header)"
    guard !exists(headerPath) else { throw .exists(directory) }
    box = try BlackBox.create(
      "\(directory)/\(SessionFileName.blackBox)", queueSize: options.queueBytes, session: identity,
      wall: startedWall, monotonic: startedMonotonic)
    let files = try SessionFiles(directory: directory, reserveBytes: options.reserveBytes, output: options.output)
    let text = header.json(identity: identity, wall: startedWall, summary: nil)
    let written = replaceFile(headerPath, text)
    guard written == 0 else { throw .cannotCreate(headerPath, errno: written) }
    queue = RecordQueue(box, isEdge: false)
    ahead = queue.written
    edge = Mutex(
      EdgeProducer(queue: RecordQueue(box, isEdge: true), scratch: .allocate(byteCount: 8 << 10, alignment: 16)))
    drain = SessionDrain(
      box: box, files: files, writesRecord: options.writesRecord, syncs: options.isThreaded)
    wakeup = linux_eventfd()
    drain.begin(header: text, learned: header.learned)
    box.touchAhead(position: 0)
    if options.isThreaded { startThread() }
  }

  deinit {
    // Not closed is what a crash looks like; the next start recovers it. But no thread may outlive its memory.
    stopThread()
    edge.withLock { $0.scratch.deallocate() }
    Glibc.close(wakeup)
  }

  // MARK: - The tick thread

  /// Who brings inputs into the form of the record; without one they stay as they are. Before the first tick.
  public func setPacker(_ packer: any InputPacking) {
    self.packer.withLock { $0 = packer }
  }

  /// Records one tick without its input. Tick thread only.
  public func record(_ record: borrowing TickRecord) {
    self.record(record, inputSizeMax: 0) { _ in }
  }

  /// Records one tick. Tick thread only. Copies once into mapped memory; no coding, no formatting, no system call, no
  /// allocation (an inline writer also writes files, every few ticks).
  ///
  /// Up to half full the queue takes all; then T4 is left out, then T3 and the input; a quarter is kept for T1 and
  /// receipts.
  /// - Parameters:
  ///   - inputSizeMax: Bytes that the tick's input takes at most; 0 without an input.
  ///   - input: Puts the input, in a coding of its owner's making that the packer knows, for `session.record`.
  public func record(_ record: borrowing TickRecord, inputSizeMax: Int, input: (inout FlatWriter) -> Void) {
    let (time, tick) = (record.timing.monotonic, record.receipt.decision.tick.slot)
    box.store(UInt64(bitPattern: time), at: BlackBoxLayout.heartbeatAt)
    box.store(UInt64(clamping: tick), at: BlackBoxLayout.tickAt)
    box.store(record.held.bits, at: BlackBoxLayout.heldAt)
    let fill = queue.fill
    let limit: LogTier = fill < 0.5 ? .debug : fill < 0.625 ? .verbose : .session
    let takesInput = fill < 0.75 && inputSizeMax > 0
    let sizeMax = 4 + record.flatSizeMax + (takesInput ? inputSizeMax : 0)
    let isIn = queue.push(.tick, limit: min(limit, options.loosestTier), upTo: sizeMax) { writer in
      var head = writer
      writer.put(UInt32(0))
      let start = writer.next
      writer.put(flat: record)
      head.put(UInt32(truncatingIfNeeded: writer.next - start))
      if takesInput { input(&writer) }
    }
    let missing: LogTier? = isIn ? limit < .debug ? LogTier(rawValue: limit.rawValue + 1) : nil : .event
    if missing != nil || dropout.tier != nil { account(for: missing, tick: tick, at: time) }
    recordedCount.add(1, ordering: .relaxed)
    guard !options.isThreaded else { return }
    ticksSinceStep += 1
    if ticksSinceStep >= 64 || queue.fill > 0.4 {
      ticksSinceStep = 0
      step(now: time)
    }
  }

  /// Counts what is left out, and says so once there is room again.
  private func account(for missing: LogTier?, tick: Int, at time: Int64) {
    if let missing {
      if dropout.count == 0 { dropout.first = tick }
      dropout.tier = min(dropout.tier ?? missing, missing)
      dropout.count += 1
      dropout.last = tick
      droppedCount.add(1, ordering: .relaxed)
    } else if let tier = dropout.tier {
      let (told, size) = (dropout, 256)
      let isIn = queue.push(.log, limit: .debug, upTo: size) { flat in
        _ = flat.put(upTo: size) { writer in
          writer.put(fixed: UInt64(bitPattern: time))
          writer.put(tick)
          writer.put(LogTier.event)
          writer.put(Subsystem.session)
          writer.put("log.dropout" as StaticString)
          writer.put(false)
          writer.put("tier", .integer(Int(tier.rawValue)))
          writer.put("ticks", .integer(told.count))
          writer.put("from", .integer(told.first))
          writer.put("to", .integer(told.last))
          writer.put(UInt8(0))
        }
      }
      if isIn { dropout = Dropout() }
    }
  }

  /// A sign of life and what the tick thread is at; two stores. Tick thread only.
  public func beat(monotonic: Int64, at breadcrumb: Breadcrumb) {
    box.store(UInt64(breadcrumb.rawValue), at: BlackBoxLayout.breadcrumbAt)
    box.store(UInt64(bitPattern: monotonic), at: BlackBoxLayout.heartbeatAt)
  }

  // MARK: - Any thread

  /// A line of the program around the ticks. Takes a lock that the tick thread never takes.
  /// - Parameter monotonic: when it happened; now on CLOCK_MONOTONIC when nil.
  public func log(
    _ tier: LogTier, _ subsystem: Subsystem, _ key: StaticString, _ fields: [(StaticString, FieldValue)] = [],
    monotonic: Int64? = nil
  ) {
    guard tier <= options.loosestTier else { return }
    edgePush(monotonic) { $0.put(tier, subsystem, key, fields) }
  }

  /// An event of the program around the ticks (faults, recoveries).
  public func event(_ event: SessionEvent, monotonic: Int64? = nil) {
    edgePush(monotonic) { $0.put(event) }
  }

  private func edgePush(_ monotonic: Int64?, _ body: (inout ByteWriter) -> Void) {
    let time = monotonic ?? linux_monotonic_nanoseconds()
    let tick = Int(clamping: box.load(at: BlackBoxLayout.tickAt))
    edge.withLock { edge in
      var writer = ByteWriter(edge.scratch)
      writer.put(fixed: UInt64(bitPattern: time))
      writer.put(tick)
      body(&writer)
      if writer.isFull || !edge.queue.push(.log, limit: .debug, writer.bytes) {
        droppedCount.add(1, ordering: .relaxed)
      }
    }
  }

  /// Asks for the last 300 ticks to be kept in a file of their own, for example on a signal.
  public func wantForensics(_ reason: String) {
    forensicsWanted.withLock { $0 = reason }
    wake()
  }

  /// Ticks recorded, and records that could not be kept whole.
  public var counts: (recorded: Int, dropped: Int) {
    (recordedCount.load(ordering: .relaxed), droppedCount.load(ordering: .relaxed))
  }

  /// Why the disk takes nothing at the moment, in the system's words; nil when it does. Any thread.
  public var diskTrouble: String? {
    let error = diskError.load(ordering: .relaxed)
    return error == 0 ? nil : errorText(error)
  }

  // MARK: - The end

  /// Writes what is left and the closing summary. The tick thread has stopped, or calls this itself.
  public func close(_ summary: SessionSummary) {
    stopThread()
    step(now: drain.lastTime)
    drain.finish(now: drain.lastTime)
    box.finish(.closed)
    let text = header.json(
      identity: identity, wall: startedWall,
      summary: .init(
        summary: summary, ticks: counts.recorded, dropped: counts.dropped,
        seconds: Double(drain.lastTime - startedMonotonic) / 1e9))
    replaceFile("\(directory)/\(SessionFileName.header)", text)
  }

  // MARK: - The writer thread

  /// 20 times a second.
  private static let interval: Int32 = 50

  private func startThread() {
    let box = Unmanaged.passUnretained(self)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        linux_set_thread_name("session-writer")
        Unmanaged<SessionWriter>.fromOpaque(argument).takeUnretainedValue().loop()
        return nil
      }, box.toOpaque())
    // Without a thread the tick thread's records wait until `close`.
    self.thread = code == 0 ? thread : nil
  }

  private func stopThread() {
    guard let thread else { return }
    isClosing.store(true, ordering: .releasing)
    wake()
    pthread_join(thread, nil)
    self.thread = nil
  }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeup, &one, 8)
  }

  private func loop() {
    while !isClosing.load(ordering: .acquiring) {
      box.touchAhead(position: ahead.load())
      var poller = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
      if poll(&poller, 1, Self.interval) > 0 {
        var count: UInt64 = 0
        _ = read(wakeup, &count, 8)
      }
      step(now: linux_monotonic_nanoseconds())
    }
  }

  private func step(now: Int64) {
    drain.packer = packer.withLock { $0 }
    drain.step(now: now)
    diskError.store(drain.diskError, ordering: .relaxed)
    let asked = forensicsWanted.withLock { wanted in
      defer { wanted = nil }
      return wanted
    }
    let seen = drain.takeForensicReason()
    guard let reason = asked ?? seen else { return }
    // A breach that lasts must not fill the disk with copies of itself.
    guard asked != nil || forensicsAt == .min || now - forensicsAt > 30_000_000_000 else { return }
    forensicsAt = now
    if let name = Forensics.write(box, directory: directory, reason: reason, time: drain.lastTime) {
      drain.write(
        LogRecord(
          tier: .event, subsystem: .session, key: "forensics.written",
          fields: [Field("file", .text(name)), Field("reason", .text(reason))]))
    }
  }
}
