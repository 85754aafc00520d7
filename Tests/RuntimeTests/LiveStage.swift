import CX11
import Foundation
import Glibc
import Perception
import TestSupport
import Testing

/// A display, a copy of the project's data and a runtime directory: what a daemon and its client run on in a test.
final class LiveStage {
  let server: XvfbServer
  let folder: URL
  private let display: OpaquePointer

  init() throws {
    server = try XvfbServer()
    folder = try Repository.temporaryDirectory("stage")
    display = try #require(XOpenDisplay(server.display))
    try copyData()
    try FileManager.default.createDirectory(at: runtime, withIntermediateDirectories: true)
    for url in [folder, data, runtime] { chmod(url.path, 0o755) }
  }

  deinit {
    XCloseDisplay(display)
    try? FileManager.default.removeItem(at: folder)
  }

  /// The agent acts only where it knows the ground; `Tools/test` builds the terrain files before the tests.
  static let hasTerrain = FileManager.default.fileExists(
    atPath: Repository.root.appending(path: "Data/environments/sandbox/terrain/meadow.terrain").path)

  var data: URL { folder.appending(path: "Data") }
  var runtime: URL { folder.appending(path: "run") }

  /// Copies the project's data, but for the large files that are made from it: those are linked.
  private func copyData() throws {
    let files = FileManager.default
    let source = Repository.root.appending(path: "Data")
    let environment = "environments/sandbox"
    try files.createDirectory(at: data.appending(path: environment), withIntermediateDirectories: true)
    for name in ["layouts", "worlds"] {
      try files.copyItem(at: source.appending(path: name), to: data.appending(path: name))
    }
    for name in try files.contentsOfDirectory(atPath: source.appending(path: environment).path) {
      let (from, to) = (
        source.appending(path: "\(environment)/\(name)"), data.appending(path: "\(environment)/\(name)")
      )
      if ["terrain", "assets"].contains(name) {
        try files.createSymbolicLink(at: to, withDestinationURL: from)
      } else {
        try files.copyItem(at: from, to: to)
      }
    }
  }

  var variables: [String: String] { ["COMPASS_DATA": data.path, "XDG_RUNTIME_DIR": runtime.path] }

  /// Keys that the server has down now.
  var keysDown: Int { keymap.reduce(0) { $0 + $1.nonzeroBitCount } }

  func isDown(_ keycode: UInt8) -> Bool { keymap[Int(keycode / 8)] >> (keycode % 8) & 1 == 1 }

  /// Keys that are down beside one that somebody else presses.
  func keysDown(except keycode: UInt8) -> Int { keysDown - (isDown(keycode) ? 1 : 0) }

  private var keymap: [UInt8] {
    var bytes = [CChar](repeating: 0, count: 32)
    XQueryKeymap(display, &bytes)
    return bytes.map { UInt8(bitPattern: $0) }
  }

  /// What `compassd status --json` says; empty without a daemon.
  var status: String { (try? compassd(["status", "--json"]).output) ?? "" }

  /// The session that was begun last.
  func session() throws -> URL {
    let keys: Set<URLResourceKey> = [.contentModificationDateKey]
    let all = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))
      .filter { $0.lastPathComponent.hasPrefix("s-") }
    func changed(_ url: URL) -> Date { (try? url.resourceValues(forKeys: keys).creationDate) ?? .distantPast }
    return try #require(all.max { changed($0) < changed($1) })
  }

  /// The T1 log of the session that was begun last.
  func sessionEvents() throws -> String {
    try String(contentsOf: session().appending(path: "session_events.log"), encoding: .utf8)
  }

  /// The sandbox client, once its memory can be read.
  func client(_ arguments: [String] = [], program: URL = Repository.program("compass-sandbox")) throws -> Child {
    let child = try Child(
      program, ["client", "--display", server.display, "--zone", "meadow"] + arguments, variables: variables,
      log: folder.appending(path: "client.log"))
    try #require(eventually(within: 60) { self.isReadable(child.pid) }, "\(child.text)")
    return child
  }

  private func isReadable(_ pid: pid_t) -> Bool {
    guard let memory = try? ProcessMemory(pid: pid) else { return false }
    return ["sandbox-1.json", "sandbox-2.json"].contains { name in
      guard let bytes = try? Data(contentsOf: data.appending(path: "layouts/\(name)")),
        let layout = try? Layout.parse(bytes, file: name)
      else { return false }
      return (try? AnchorResolver(memory: memory).addresses(for: layout)) != nil
    }
  }

  /// `compassd run` on this stage.
  func daemon(_ arguments: [String], isArmed: Bool = true) throws -> Child {
    try Child(
      Repository.program("compassd"),
      ["run", "--display", server.display, "--session-dir", folder.appending(path: "s-\(UUID().uuidString)").path]
        + (arguments.contains("--environment") ? [] : ["--environment", "sandbox"]) + (isArmed ? ["--armed"] : [])
        + arguments, variables: variables, log: folder.appending(path: "daemon-\(UUID().uuidString).log"))
  }

  /// `compassd` run to its end.
  func compassd(_ arguments: [String], variables more: [String: String] = [:]) throws -> Finished {
    try run(
      Repository.program("compassd"), arguments, environment: variables.merging(more) { $1 }, directory: folder)
  }
}

/// A process of a test, killed when the test lets go of it.
final class Child {
  let process = Process()
  private let log: URL

  init(_ program: URL, _ arguments: [String], variables: [String: String], log: URL, user: uid_t? = nil) throws {
    self.log = log
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let output = try FileHandle(forWritingTo: log)
    process.executableURL = user == nil ? program : URL(filePath: "/usr/bin/setpriv")
    process.arguments =
      user.map { ["--reuid=\($0)", "--regid=\($0)", "--clear-groups", program.path] + arguments } ?? arguments
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    guard process.isRunning else { return }
    signal(SIGCONT)
    signal(SIGKILL)
    process.waitUntilExit()
  }

  var pid: pid_t { process.processIdentifier }
  var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
  func signal(_ number: Int32) { kill(pid, number) }

  /// Its exit status, once it has ended within so many seconds.
  func status(within seconds: Double) -> Int32? {
    eventually(within: seconds) { !process.isRunning } ? process.terminationStatus : nil
  }
}
