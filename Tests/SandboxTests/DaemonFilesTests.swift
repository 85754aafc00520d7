import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// What only a server knows is in no file that the daemon opens.
@Suite(.serialized) struct DaemonFilesTests {
  @Test func `the daemon opens its environment, and nothing of the world's own data`() throws {
    let strace = URL(filePath: "/usr/bin/strace")
    guard FileManager.default.isExecutableFile(atPath: strace.path),
      try run(strace, ["-o", "/dev/null", "true"]).status == 0
    else {
      print("no strace here, or it may not trace; skipped")
      return
    }
    guard let display = try VirtualDisplay() else { return }
    let folder = try Repository.temporaryDirectory("trace")
    defer { try? FileManager.default.removeItem(at: folder) }
    let client = try RunningClient(["--display", display.name, "--zone", "meadow"])
    let keyboard = try #require(Keyboard(display.name))
    try #require(eventually(within: 60) { keyboard.focused(title: Client.windowTitle) != nil })
    let trace = folder.appending(path: "trace.txt")
    let daemon = try run(
      strace,
      [
        "-f", "-e", "trace=open,openat,openat2,execve,readlink,readlinkat,stat,newfstatat,statx", "-o", trace.path,
        Repository.program("compassd").path, "run", "--environment", "sandbox", "--pid", "\(client.pid)", "--display",
        display.name, "--armed", "--duration", "6", "--session-dir", folder.appending(path: "session").path,
      ], environment: ["XDG_RUNTIME_DIR": folder.path], directory: Repository.root)
    #expect(daemon.status == 0, "\(daemon.errors)")
    let lines = try String(contentsOf: trace, encoding: .utf8).split(separator: "\n")
    let touched = lines.filter { $0.contains("Data/") }
    // That it is seen at all what the daemon opens: its environment and its layouts.
    #expect(touched.contains { $0.contains("Data/environments/sandbox/environment.json") })
    #expect(touched.contains { $0.contains("Data/layouts/") })
    let secret = lines.filter { $0.contains("worlds") }
    #expect(secret.isEmpty, "\(secret.prefix(5).joined(separator: "\n"))")
    kill(client.pid, SIGTERM)
  }
}
