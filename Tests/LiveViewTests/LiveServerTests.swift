import CLinux
import Core
import Foundation
import Perception
import Telemetry
import TestSupport
import Testing

@testable import LiveView

@Suite struct LiveServerTests {
  /// A server of this test's own with one frame published.
  final class Stage {
    let folder: URL
    let mailbox = LiveMailbox()
    let server: LiveServer
    var socket: String { folder.appending(path: "s").path }
    var token: String {
      ((try? String(contentsOf: folder.appending(path: "token"), encoding: .utf8)) ?? "")
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    init() throws {
      folder = try Repository.temporaryDirectory("live")
      var names = LiveNames()
      names.environment = "sandbox"
      names.zones = [ZoneID(2): "meadow"]
      server = try LiveServer(
        mailbox: mailbox,
        options: .init(
          socketPath: folder.appending(path: "s").path, port: 0, tokenPath: folder.appending(path: "token").path,
          names: names))
      publish(tick: 7)
    }

    deinit {
      server.stop()
      try? FileManager.default.removeItem(at: folder)
    }

    func publish(tick: Int, hold: HoldReason = .none, name: FixedName = "a rat") {
      let now = linux_monotonic_nanoseconds()
      mailbox.beat(now)
      mailbox.publish { $0.show(tick: tick, at: now, hold: hold, name: name) }
    }

    /// Sends bytes to the port and gives back all that comes.
    func talk(_ bytes: [UInt8], thenClose: Bool = true) throws -> String {
      let descriptor = try connected()
      defer { close(descriptor) }
      _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if thenClose { shutdown(descriptor, Int32(SHUT_WR)) }
      var answer: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { break }
        answer.append(contentsOf: chunk[..<count])
      }
      return String(decoding: answer, as: UTF8.self)
    }

    func connected() throws -> Int32 {
      let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = try #require(server.port).bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      try #require(code == 0)
      return descriptor
    }

    func get(_ path: String, _ headers: String = "") throws -> String {
      let port = try #require(server.port)
      return try talk(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(headers)\r\n".utf8))
    }
  }

  @Test func `every answer has its content, over the port and over the socket file`() throws {
    let stage = try Stage()
    let cases: [(path: String, type: String, text: String)] = [
      ("/", "text/html", "<title>Compass</title>"), ("/state.json", "application/json", "\"tick\":7"),
      ("/metrics", "version=0.0.4", "compass_ticks_total 7\n"), ("/status.txt", "text/plain", "Fighting a rat"),
      ("/health/live", "text/plain", "live"), ("/health/ready", "text/plain", "ready"),
      ("/map.json?zone=2", "application/json", "{\"columns\":0}"),
    ]
    for (path, type, text) in cases {
      let answer = try stage.get(path)
      #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains(text), "\(path): \(answer.prefix(300))")
      #expect(answer.contains("Content-Type: ") && answer.contains(type), "\(path)")
      #expect(answer.contains("default-src 'none'") && answer.contains("Cache-Control: no-store"))
      let local = LiveClient.get(path, socket: stage.socket)
      #expect(local?.status == 200 && local?.body.contains(text) == true, "\(path)")
    }
    #expect(try stage.get("/nothing").hasPrefix("HTTP/1.1 404 "))
    stage.server.show(
      LiveMap(origin: (0, 0), cell: 10, columns: 2, rows: 1, shades: [0, 10]), zone: ZoneID(2))
    #expect(try stage.get("/map.json?zone=2").contains("\"shades\":\"ak\""))
    stage.server.stop()
    #expect(LiveClient.get("/", socket: stage.socket) == nil)
    #expect(!FileManager.default.fileExists(atPath: stage.socket) && stage.token.isEmpty)
  }

  @Test func `a name of another host, another site's script and other methods are refused`() throws {
    let stage = try Stage()
    let port = try #require(stage.server.port)
    let cases: [(request: String, status: String)] = [
      ("GET /state.json HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
      ("GET /state.json HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", "421"),
      ("GET /state.json HTTP/1.1\r\nHost: 127.0.0.1:\(port &+ 1)\r\n\r\n", "421"),
      ("GET /state.json HTTP/1.0\r\n\r\n", "421"),
      ("GET /state.json HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n", "403"),
      ("GET /state.json HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-site\r\n\r\n", "403"),
      ("GET /state.json HTTP/1.1\r\nHost: localhost:\(port)\r\nSec-Fetch-Site: same-origin\r\n\r\n", "200"),
      ("POST /state.json HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"),
      ("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"),
    ]
    for (request, status) in cases {
      let answer = try stage.talk(Array(request.utf8))
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request): \(answer.prefix(60))")
    }
  }

  @Test func `hostile bytes, slow and many connections are survived, and the next viewer is served`() throws {
    let stage = try Stage()
    for seed in UInt64(1)...3 {
      var random = SeededGenerator(seed: seed)
      for _ in 0..<60 {
        let bytes = (0..<random.integer(0...9000)).map { _ in UInt8(random.integer(0...255)) }
        _ = try stage.talk(bytes)
      }
    }
    // Many that never say anything, and some that leave in the middle of an answer.
    var silent: [Int32] = []
    for _ in 0..<10 { silent.append(try stage.connected()) }
    for _ in 0..<20 {
      let descriptor = try stage.connected()
      var request = Array("GET /state.json HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
      _ = send(descriptor, &request, request.count, Int32(MSG_NOSIGNAL))
      close(descriptor)
    }
    #expect(try stage.get("/").hasPrefix("HTTP/1.1 200 "))
    #expect(LiveClient.get("/", socket: stage.socket)?.status == 200)
    for descriptor in silent { close(descriptor) }
  }

  @Test func `health follows the tick thread`() throws {
    let stage = try Stage()
    stage.publish(tick: 8, hold: .stale)
    #expect(try stage.get("/health/live").hasPrefix("HTTP/1.1 200 "))
    let held = try stage.get("/health/ready")
    #expect(held.hasPrefix("HTTP/1.1 503 ") && held.contains("nothing moves in the client"), "\(held)")
    // A beat of long ago is what a hung tick thread leaves.
    stage.mailbox.beat(linux_monotonic_nanoseconds() - 5_000_000_000)
    let hung = try stage.get("/health/live")
    #expect(hung.hasPrefix("HTTP/1.1 503 ") && hung.contains("it hangs"), "\(hung)")
    #expect(try stage.get("/metrics").contains("compass_up 0\n"))
  }

  @Test func `another user sees nothing without the token`() throws {
    guard geteuid() == 0 else {
      print("skipped: only root can play two users")
      return
    }
    let stage = try Stage()
    let port = try #require(stage.server.port)
    // Curl-like, with what every system has.
    func asNobody(_ headers: String) throws -> String {
      let script = """
        exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\n\(headers)\\r\\n' >&3; cat <&3
        """
      return try run(
        URL(filePath: "/usr/bin/setpriv"),
        ["--reuid=65534", "--regid=65534", "--clear-groups", "/bin/bash", "-c", script]
      ).output
    }
    #expect(try asNobody("").hasPrefix("HTTP/1.1 403 "))
    #expect(
      try asNobody("Authorization: Bearer \(String(repeating: "0", count: 32))\\r\\n").hasPrefix("HTTP/1.1 403 "))
    #expect(try asNobody("Authorization: Bearer \(stage.token)\\r\\n").hasPrefix("HTTP/1.1 200 "))
    var status = stat()
    stat(stage.folder.appending(path: "token").path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
    stat(stage.socket, &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `the kernel's table is read with its users, and closed sockets count for nobody`() {
    let table = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0
         1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 12 1 0 20 4 30 10 -1
         2: 0100007F:C351 0100007F:1F90 04 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
         3: 0100007F:C352 0200007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0 20 4 30 10 -1
      """
    let bytes = Array(table.utf8)
    #expect(Peer.user(in: bytes, from: 50_000, to: 8080) == 1000)
    #expect(Peer.user(in: bytes, from: 50_001, to: 8080) == nil)
    #expect(Peer.user(in: bytes, from: 50_002, to: 8080) == nil)
    #expect(Peer.user(in: bytes, from: 50_000, to: 8081) == nil)
    #expect(Peer.user(in: Array("garbage\n\n x y".utf8), from: 1, to: 2) == nil)
  }

  @Test func `promtool accepts the metrics`() throws {
    let places = [
      URL(filePath: "/usr/bin/promtool"), Repository.root.appending(path: ".build/prometheus/usr/bin/promtool"),
    ]
    guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      print("skipped: no promtool (Tools/setup --tests installs it)")
      return
    }
    let stage = try Stage()
    let metrics = try #require(LiveClient.get("/metrics", socket: stage.socket)?.body)
    let file = stage.folder.appending(path: "metrics.txt")
    try Data(metrics.utf8).write(to: file)
    let result = try run(URL(filePath: "/bin/sh"), ["-c", "\(program.path) check metrics < \(file.path)"])
    #expect(result.status == 0 && result.errors.isEmpty && result.output.isEmpty, "\(result)")
    // The tool does complain when there is something to complain of.
    try Data(metrics.replacing("_ticks_total", with: "_ticks").utf8).write(to: file)
    #expect(try run(URL(filePath: "/bin/sh"), ["-c", "\(program.path) check metrics < \(file.path)"]).status != 0)
    let series = metrics.split(separator: "\n").filter { !$0.hasPrefix("#") }.count
    #expect(series <= 90, "\(series) series")
  }
}

extension LiveFrame {
  /// Content for a test: a fight, or a hold.
  func show(tick: Int, at now: Int64, hold: HoldReason, name: FixedName) {
    var state = GameState(tick: Tick(tick), validity: .valid, zone: ZoneID(2))
    state.player.position = Position(10, 20, 0)
    state.player.health = 50
    state.player.healthMax = 100
    state.spawns = [Spawn(id: EntityID(5), name: name, position: Position(13, 24, 0), level: 3)]
    state.target = EntityID(5)
    take(state)
    stand = .armed
    timing = TickTiming(monotonic: now, reading: 100_000, thinking: 200_000)
    counters.ticks = 7
    counters.busy.add(nanoseconds: 300_000)
    var decision = Decision(tick: Tick(tick), layer: hold == .none ? .defence : .hold, hold: hold)
    if hold == .none { (decision.rule, decision.order) = (.inCombat, .combat(target: EntityID(5))) }
    take(
      DecisionReceipt(
        decision: decision,
        verdicts: [
          .init(rule: .inCombat, ruleClass: .defence, isEligible: true, score: 0.5),
          .init(
            rule: .rest, ruleClass: .ordinary, isEligible: false, reason: .engaged, value: 0.5, threshold: 0.75),
        ]))
  }
}
