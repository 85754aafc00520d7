import Command

let usage = """
  compass-bench NAME… [--json]      runs benchmarks and prints one line per case
  compass-bench list                names them
  compass-bench path --help         path-finding scenarios (Moving AI formats)

  Times are microseconds; allocations are heap allocations per repetition. Measure release builds:
    Tools/build -c release && .build/release/compass-bench perception tick sim --json
  """

/// The benchmarks, each in a file of its own.
let benchmarks: [(name: String, about: String, run: (_ asJSON: Bool) throws -> Void)] = [
  ("plan", "goal-oriented plans over the agent's own domain", benchPlan),
  ("perception", "snapshots of another process", benchPerception),
  ("tick", "the whole tick of an agent at play", benchTick),
  ("routines", "the tick of each routine by itself", benchRoutines),
  ("live", "what onlookers cost the tick thread", benchLive),
  ("sim", "the simulator, agent and world together", benchSim),
  ("world", "the sandbox world alone, and with mirror and decoding", benchWorld),
  ("path-queries", "paths and distances as a tick asks for them", benchPathQueries),
  ("path-ticks", "path work of single ticks where it is hardest", benchPathTicks),
  ("path-zones", "routes through the sandbox, a slice a tick", benchPathZones),
  ("los", "lines of sight", benchSight),
  ("log", "what recording a tick costs the tick thread", benchLog),
  ("analyse", "reading a long session back", benchAnalyse),
  ("terrain-build", "terrain files of zones of 4000 cells a side", benchTerrainBuild),
]

runProgram("compass-bench") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if CommandLine.arguments.dropFirst().first != "path", arguments.flag("--help") || arguments.isEmpty {
    emit(usage)
    return .success
  }
  if arguments.flag("--version") {
    emit("compass-bench \(Version.number)")
    return .success
  }
  // The other process of the perception benchmark.
  if CommandLine.arguments.count == 3, CommandLine.arguments[1] == PerceptionTarget.subcommand {
    PerceptionTarget.run(spawns: Int(CommandLine.arguments[2]) ?? 0)
  }
  // A part of the terrain benchmark.
  if CommandLine.arguments.dropFirst().first == TerrainBuildPart.subcommand {
    TerrainBuildPart.run(Array(CommandLine.arguments.dropFirst(2)))
  }
  // `path` has options of its own.
  if CommandLine.arguments.dropFirst().first == "path" {
    return try runPath(Arguments(CommandLine.arguments.dropFirst(2)))
  }
  let asJSON = arguments.flag("--json")
  var names: [String] = []
  while let name = arguments.word() { names.append(name) }
  try arguments.finish()
  if names == ["list"] {
    for benchmark in benchmarks { emit("\(benchmark.name)  \(benchmark.about)") }
    return .success
  }
  for name in names {
    guard let benchmark = benchmarks.first(where: { $0.name == name }) else {
      let known = benchmarks.map(\.name).joined(separator: ", ")
      throw CommandError(.usage, "there is no benchmark \"\(name)\"; there are: \(known)")
    }
    try benchmark.run(asJSON)
  }
  return .success
}
