import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Perception

/// A running example target; killed when the test lets go of it.
final class ExampleTarget {
  let process: Process
  var pid: pid_t { process.processIdentifier }

  /// Runs it, with `prefix` before the program (to change the user), and waits until it says that it is ready.
  init(_ arguments: [String], prefix: [String] = [], path: String? = nil) throws {
    process = Process()
    let command = prefix + [try path ?? Self.program.get()] + arguments
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let ready = output.fileHandleForReading.readData(ofLength: 6)
    #expect(String(decoding: ready, as: UTF8.self) == "ready\n")
  }

  deinit { end() }

  func end() {
    guard process.isRunning else { return }
    kill(pid, SIGKILL)
    process.waitUntilExit()
  }

  func reader(_ text: String? = nil) throws -> SnapshotReader {
    let memory = try ProcessMemory(pid: pid)
    let layout = try Layout.parse(try text ?? exampleLayoutText(), file: "example.json")
    let anchors = try AnchorResolver(memory: memory).addresses(for: layout)
    return SnapshotReader(plan: try LayoutPlan(layout: layout), memory: memory, anchors: anchors)
  }

  /// The compiled program; compiled once for all tests.
  static let program = Result { () throws -> String in
    let directory = try Repository.temporaryDirectory("example-target")
    chmod(directory.path, 0o755)
    let source = directory.appending(path: "target.c")
    try Data(targetSource.utf8).write(to: source)
    let path = directory.appending(path: "example-target").path
    let compiled = try run(
      URL(filePath: "/usr/bin/cc"), ["-O1", "-Wl,--build-id", "-o", path, source.path])
    try #require(compiled.status == 0, "\(compiled.errors)")
    return path
  }
}
