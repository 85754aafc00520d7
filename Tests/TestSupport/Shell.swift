import Foundation

/// What a program that was run to its end left behind.
public struct Finished: Sendable {
  public var status: Int32
  public var output: String
  public var errors: String
}

/// Runs `program` to its end; its output goes through files, so that no pipe can fill up.
public func run(
  _ program: URL, _ arguments: [String] = [], environment: [String: String] = [:], directory: URL? = nil
) throws -> Finished {
  let folder = try Repository.temporaryDirectory("run")
  defer { try? FileManager.default.removeItem(at: folder) }
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  if let directory { process.currentDirectoryURL = directory }
  func file(_ name: String) throws -> FileHandle {
    let url = folder.appending(path: name)
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
  process.standardOutput = try file("out")
  process.standardError = try file("err")
  process.standardInput = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  }
  return Finished(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
}
