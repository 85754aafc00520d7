import Command
import Core
import Nav
import TerrainBuilder

func buildCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let inputs = try arguments.values("--input")
  guard let output = try arguments.value("--output") else { throw CommandError(.usage, "--output is missing") }
  let format = try arguments.choice("--format", of: ["auto"] + AssetFormat.allCases.map(\.rawValue))
  let map = try arguments.value("--map")
  var settings = BuildSettings()
  settings.cellSize = try arguments.number("--cell", in: 0.01...1000) ?? settings.cellSize
  settings.quantum = try arguments.number("--quantum", in: 0.001...100) ?? settings.quantum
  settings.threads = try arguments.integer("--threads", in: 1...256)
  let voxelHeight = try arguments.number("--voxel", in: 0.01...1000)
  if try arguments.choice("--rules", of: ["exact", "recast"]) == "recast" {
    settings.rules = .recast(voxelHeight: voxelHeight ?? settings.cellSize / 2)
  }
  settings.swims = arguments.flag("--swim")
  if let overrides = try arguments.value("--overrides") { settings.overrides = try Overrides.read(overrides) }
  let agents = try arguments.values("--agent").map(agentProfile)
  if !agents.isEmpty { settings.profiles = agents }
  let isJSON = arguments.flag("--json")
  try arguments.finish()
  guard !inputs.isEmpty else { throw CommandError(.usage, "--input is missing") }

  guard inputs.count <= 2, inputs.dropFirst().allSatisfy({ $0.lowercased().hasSuffix("_obj.s3d") }) else {
    throw CommandError(.usage, "--input takes one zone (and its _obj.s3d, which is found by itself)")
  }
  let input = try SceneReader.read(inputs[0], format: format.flatMap { AssetFormat(rawValue: $0) }, map: map)
  if agents.isEmpty { settings.profiles = [input.walker] }
  for note in input.notes { say("compass-terrain: \(note)") }
  let bar = ProgressBar(baseOf(output))
  let image = try TerrainBuild(settings, progress: { bar.show($0) }).build(input)
  bar.end()
  let bytes = image.encode()
  try AtomicFile.write(bytes, to: output)
  report(try Terrain(bytes: bytes, name: output), isJSON: isJSON)
  return .success
}

/// `[NAME=]radius,height,step,slope,drop`
func agentProfile(_ text: String) throws -> AgentProfile {
  let parts = text.split(separator: "=", maxSplits: 1)
  let numbers = (parts.last ?? "").split(separator: ",").map { Double($0) }
  guard numbers.count == 5, let radius = numbers[0], let height = numbers[1], let step = numbers[2],
    let slope = numbers[3], let drop = numbers[4]
  else { throw CommandError(.usage, "--agent needs radius,height,step,slope,drop, not \"\(text)\"") }
  return AgentProfile(
    name: parts.count == 2 ? String(parts[0]) : "default", radius: radius, height: height, step: step, slope: slope,
    drop: drop)
}

func baseOf(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
