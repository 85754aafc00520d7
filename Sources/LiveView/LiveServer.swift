import CLinux
import Core
import Glibc
import Synchronization
import Telemetry

/// Answers viewers, on a thread of its own with a low priority: the page, its values, metrics, health, text.
///
///     let server = try LiveServer(mailbox: mailbox, options: .init(socketPath: path, port: 8080, names: names))
///     say("the page is at port \(server.port ?? 0)")
///     server.stop()
// @unchecked: everything but the atomic flag, the descriptor of the wake-up and constants belongs to the thread.
public final class LiveServer: @unchecked Sendable {
  public struct Options: Sendable {
    /// Where the socket file lies; nil for none.
    public var socketPath: String?
    /// The loopback port, 0 for any that is free; nil for none.
    public var port: UInt16?
    /// Where the token is left for other users' programs, such as Prometheus; nil for nowhere.
    public var tokenPath: String?
    public var names: LiveNames
    /// Directory of the session; empty without one.
    public var session: String

    public init(
      socketPath: String? = nil, port: UInt16? = nil, tokenPath: String? = nil, names: LiveNames = LiveNames(),
      session: String = ""
    ) {
      self.socketPath = socketPath
      self.port = port
      self.tokenPath = tokenPath
      self.names = names
      self.session = session
    }
  }

  /// The port that was bound; nil without one.
  public let port: UInt16?
  private let mailbox: LiveMailbox
  private let options: Options
  private let listeners: [Listener]
  private let wake: Int32
  private let isStopping = Atomic<Bool>(false)
  private let started = linux_monotonic_nanoseconds()
  private let maps = Mutex<[ZoneID: LiveMap]>([:])

  // The thread's.
  private var thread: pthread_t?
  private var connections: [Connection] = []
  private var track = LiveTrack()

  /// Most viewers at a time; the last places are kept for the socket file, which only this user can reach.
  static let connectionMax = 16
  static let loopbackMax = 12
  /// How often the place of the player is noted. Unit: nanoseconds.
  private static let samplePeriod: Int64 = 500_000_000

  public init(mailbox: LiveMailbox, options: Options) throws(LiveServerError) {
    self.mailbox = mailbox
    self.options = options
    var generator = SystemRandomNumberGenerator()
    let token = (0..<2).map { _ in hexadecimal(generator.next()) }.joined()
    let user = getuid()
    var listeners: [Listener] = []
    do throws(LiveServerError) {
      if let path = options.socketPath { listeners.append(try Listener(path: path, user: user, token: token)) }
      if let port = options.port { listeners.append(try Listener(port: port, user: user, token: token)) }
    } catch {
      for listener in listeners { close(listener.descriptor) }
      if let path = options.socketPath, !listeners.isEmpty { unlink(path) }
      throw error
    }
    self.listeners = listeners
    port = listeners.lazy.compactMap(\.admission.port).first
    wake = linux_eventfd()
    if let path = options.tokenPath { leave(token, at: path) }
    var thread = pthread_t()
    // Held until the thread has ended: `stop` is called by whoever starts it.
    let box = Unmanaged.passUnretained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        linux_set_thread_name("compass-view")
        // Onlookers come last.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(linux_gettid()), 10)
        Unmanaged<LiveServer>.fromOpaque(argument).takeUnretainedValue().loop()
        return nil
      }, box.toOpaque())
    self.thread = code == 0 ? thread : nil
  }

  deinit { stop() }

  /// Ends the thread and takes the socket file and the token away.
  public func stop() {
    guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
    linux_eventfd_signal(wake)
    if let thread { pthread_join(thread, nil) }
    for listener in listeners { close(listener.descriptor) }
    for path in [options.socketPath, options.tokenPath] { if let path { unlink(path) } }
    close(wake)
  }

  /// The ground of a zone, to be drawn under the map. Any thread.
  public func show(_ map: LiveMap, zone: ZoneID) { maps.withLock { $0[zone] = map } }

  /// A file that this user alone can read.
  private func leave(_ token: String, at path: String) {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let bytes = Array("\(token)\n".utf8)
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  // MARK: - The thread

  private func loop() {
    var nextSample: Int64 = 0
    while !isStopping.load(ordering: .acquiring) {
      var events = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
      // When all places are taken, the next viewers wait in the kernel's queue.
      for listener in listeners {
        events.append(
          pollfd(fd: hasPlace(for: listener) ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0))
      }
      for connection in connections {
        events.append(pollfd(fd: connection.descriptor, events: connection.interest, revents: 0))
      }
      poll(&events, nfds_t(events.count), Int32(Self.samplePeriod / 1_000_000))
      let now = linux_monotonic_nanoseconds()
      if now >= nextSample {
        nextSample = now + Self.samplePeriod
        let frame = mailbox.newest()
        if frame.stand != .waiting { track.note(frame.vitals) }
      }
      serve(events[(1 + listeners.count)...], now)
      for (index, listener) in listeners.enumerated() where events[1 + index].revents != 0 {
        take(from: listener, now)
      }
    }
    for connection in connections { close(connection.descriptor) }
    connections = []
  }

  private func serve(_ events: ArraySlice<pollfd>, _ now: Int64) {
    var kept: [Connection] = []
    for (event, connection) in zip(events, connections) {
      var connection = connection
      let goesOn =
        connection.isInTime(now) && (event.revents == 0 || connection.advance(now) { answer($0, now) })
      if goesOn { kept.append(connection) } else { close(connection.descriptor) }
    }
    connections = kept
  }

  private func hasPlace(for listener: Listener) -> Bool {
    connections.count < (listener.admission.port == nil ? Self.connectionMax : Self.loopbackMax)
  }

  private func take(from listener: Listener, _ now: Int64) {
    while hasPlace(for: listener), var connection = listener.accept() {
      _ = connection.isInTime(now)
      connections.append(connection)
    }
  }

  private func answer(_ request: HTTPRequest, _ now: Int64) -> HTTPResponse {
    let frame = mailbox.newest()
    let report = LiveReport(
      names: options.names, frame: frame, track: track, session: options.session, beatAge: age(mailbox.lastBeat, now),
      frameAge: age(frame.timing.monotonic, now))
    switch request.path {
    case "/": return HTTPResponse(.okay, .html, LivePage.bytes)
    case "/state.json":
      return HTTPResponse(.okay, .json, report.json(since: Self.number("since", in: request.query) ?? 0))
    case "/map.json":
      let zone = Self.number("zone", in: request.query).flatMap { UInt16(exactly: $0) }.map { ZoneID($0) }
      // An empty one until the ground is known: that is nothing to complain about in a browser's console.
      let map = zone.flatMap { zone in maps.withLock { $0[zone]?.json } }
      return HTTPResponse(.okay, .json, map ?? Array("{\"columns\":0}\n".utf8))
    case "/status.txt": return HTTPResponse(.okay, .text, report.terminal())
    case "/metrics": return HTTPResponse(.okay, .prometheus, report.metrics())
    case "/health/live":
      return HTTPResponse(report.isLive ? .okay : .unavailable, report.isLive ? "live" : report.sentence)
    case "/health/ready":
      return HTTPResponse(
        report.isReady ? .okay : .unavailable, report.isReady ? "ready" : "\(report.stand): \(report.sentence)")
    default: return HTTPResponse(.notFound)
    }
  }

  /// Seconds since `time`; since the start of the server when that has not come yet.
  private func age(_ time: Int64, _ now: Int64) -> Double { Double(max(0, now - (time == 0 ? started : time))) / 1e9 }

  /// The value of `name` in a query such as "since=12&zone=3".
  static func number(_ name: String, in query: String) -> Int? {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0] == name { return Int(parts[1]) }
    }
    return nil
  }
}
