import Command
import Core
import Glibc
import Nav
import TerrainBuilder

func rebuildCommand(_ arguments: inout Arguments) throws -> ExitCode {
  guard let environment = try arguments.value("--environment") else {
    throw CommandError(.usage, "--environment is missing")
  }
  let only = try arguments.value("--zone")
  let isForced = arguments.flag("--force")
  let isJSON = arguments.flag("--json")
  try arguments.finish()
  let rebuild = try Rebuild(directory: try environmentDirectory(environment), isForced: isForced)
  var zones: [String]
  do {
    zones = try rebuild.zones()
  } catch {
    throw CommandError(.noInput, error.description)
  }
  if let only {
    guard zones.contains(only) else { throw CommandError(.noInput, "environment \(environment) has no zone \(only)") }
    zones = [only]
  }
  guard !zones.isEmpty else { throw CommandError(.noInput, "\(rebuild.directory)/zones describes no zone") }
  for zone in zones {
    let bar = ProgressBar(zone)
    let outcome = try rebuild.run(zone) { bar.show($0) }
    bar.end()
    if case .built(_, let notes) = outcome { for note in notes { say("compass-terrain: \(note)") } }
    emit(line(zone, outcome, isJSON: isJSON))
  }
  return .success
}

private func line(_ zone: String, _ outcome: Rebuild.Outcome, isJSON: Bool) -> String {
  switch outcome {
  case .upToDate where !isJSON: return "\(zone): up to date"
  case .built(let bytes, _) where !isJSON: return "\(zone): built, \(bytes) bytes"
  case .upToDate, .built:
    var json = JSONText()
    json.object { json in
      json.member("zone", zone)
      if case .built(let bytes, _) = outcome {
        json.member("built", true)
        json.member("bytes", bytes)
      } else {
        json.member("built", false)
      }
    }
    return json.text
  }
}

/// A directory as given, or `environments/NAME` in the data directory: COMPASS_DATA, else `Data` here or above, or
/// above the program.
private func environmentDirectory(_ name: String) throws -> String {
  if name.contains("/") { return name }
  var candidates: [String] = []
  if let data = getenv("COMPASS_DATA") {
    candidates.append(String(cString: data))
  } else {
    candidates += above(currentDirectory()).map { "\($0)/Data" }
    candidates += above(programDirectory()).map { "\($0)/Data" }
  }
  for data in candidates where access("\(data)/environments/\(name)/zones", F_OK) == 0 {
    return "\(data)/environments/\(name)"
  }
  throw CommandError(.noInput, "no environment \(name) with zones in \(candidates.first ?? "Data")")
}

/// A directory and all above it.
private func above(_ directory: String) -> [String] {
  var parts = directory.split(separator: "/")
  var found: [String] = []
  while true {
    found.append("/" + parts.joined(separator: "/"))
    guard !parts.isEmpty else { return found }
    parts.removeLast()
  }
}

private func currentDirectory() -> String {
  guard let path = getcwd(nil, 0) else { return "/" }
  defer { free(path) }
  return String(cString: path)
}

private func programDirectory() -> String {
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = buffer.withUnsafeMutableBytes { bytes in
    bytes.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? 0
  }
  guard count > 0 else { return "/" }
  return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "/").dropLast().reduce("") {
    "\($0)/\($1)"
  }
}
