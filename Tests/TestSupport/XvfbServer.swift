import Foundation

/// An X server of this test's own, on a display number that the server picks; ends with this value.
///
/// It runs with `-noreset`: a plain Xvfb resets, and so releases all keys, when its last client leaves, which hides
/// keys that were left down.
public final class XvfbServer {
  public let display: String
  public let process: Process

  public init() throws {
    let pipe = Pipe()
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/Xvfb")
    process.arguments = ["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", "800x600x24"]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("\n") {
      let data = pipe.fileHandleForReading.availableData
      guard !data.isEmpty else { throw Failure() }
      text += String(decoding: data, as: UTF8.self)
    }
    display = ":" + text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  public struct Failure: Error, CustomStringConvertible {
    public var description: String { "Xvfb did not start" }
  }

  /// Kills the server as a crash would, and removes the files that a crash leaves.
  public func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let number = display.dropFirst()
    for path in ["/tmp/.X\(number)-lock", "/tmp/.X11-unix/X\(number)"] {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  deinit { kill() }
}
