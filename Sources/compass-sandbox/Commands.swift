import Command
import Core
import Glibc
import Sandbox
import SandboxMirror
import World

func playClient(_ arguments: inout Arguments) throws -> ExitCode {
  if let count = try arguments.integer("--players", in: 1...8), count > 1 {
    return try playParty(count, &arguments)
  }
  var options = ClientOptions(dataDirectory: try DataRoot.find() + "/worlds/sandbox")
  options.display = try arguments.value("--display")
  options.seed = UInt64(try arguments.integer("--seed", in: 0...Int.max) ?? 1)
  options.zone = try arguments.value("--zone")
  options.kit = try arguments.value("--class")
  options.level = try arguments.integer("--level", in: 1...50) ?? options.level
  options.speed = try arguments.number("--speed", in: 0.05...50) ?? 1
  options.memoryLayout = try arguments.integer("--memory-layout", in: 1...2) ?? 1
  options.misbehaviour = try arguments.choice("--misbehave", of: Misbehaviour.allCases.map(\.rawValue))
    .flatMap(Misbehaviour.init)
  options.keyLog = try arguments.value("--key-log")
  options.chatLog = try arguments.value("--chat-log")
  options.screenshot = try arguments.value("--screenshot")
  options.duration = try arguments.number("--duration", in: 0...1e6)
  options.server = try arguments.integer("--server", in: 1...65_535).map { UInt16($0) }
  options.player = try arguments.integer("--player", in: 0...7)
  if arguments.flag("--with-parent") { endWithParent() }
  try arguments.finish()

  var client: Client
  do {
    client = try Client(options)
  } catch let error as WorldSetupError {
    throw CommandError(.usage, error.description)
  }
  switch try client.run() {
  case .windowClosed, .terminated, .durationOver: return .success
  case .displayLost: throw CommandError(.unavailable, "the X display went away")
  case .serverLost: throw CommandError(.unavailable, "the server went away")
  }
}

func writeAssets(_ arguments: inout Arguments) throws -> ExitCode {
  let root = try DataRoot.find()
  let output = try arguments.value("--output") ?? root + "/environments/sandbox"
  let version = try arguments.choice("--wld", of: ["old", "new"])
  try arguments.finish()
  let data = try WorldData.load(directory: root + "/worlds/sandbox")
  let isTerminal = isatty(2) == 1
  let written = try AssetExport.write(data, to: output, version: version == "new" ? .new : .old) { name in
    if isTerminal { say("writing \(name)") }
  }
  for name in written { emit("\(output)/\(name)") }
  say("\(data.zones.count) zones, \(written.count) files changed")
  return .success
}

func replayKeys(_ arguments: inout Arguments) throws -> ExitCode {
  let path = try arguments.word("a key log")
  try arguments.finish()
  guard let text = readText(path) else { throw CommandError(.noInput, "cannot read \(path)") }
  let replay = try KeyLogReplay(text, file: path)
  let data = try WorldData.load(directory: try DataRoot.find() + "/worlds/sandbox")
  guard hexadecimal(data.hash) == replay.worldHash else {
    throw CommandError(.badData, "the log was made with other world data (\(replay.worldHash))")
  }
  if let step = try replay.firstDifference(data) {
    emit("different at step \(step)")
    return .different
  }
  emit("equal: \(replay.hashes.count) hashes, \(replay.inputs.count) inputs, \(replay.hashes.last?.step ?? 0) steps")
  return .success
}

private func readText(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<count]
  }
}

extension SandboxFailure {
  var exitCode: ExitCode {
    switch self {
    case .displayUnavailable, .server: .unavailable
    case .noData: .noInput
    case .unknownName: .usage
    case .cannotWrite: .cannotCreate
    }
  }
}
