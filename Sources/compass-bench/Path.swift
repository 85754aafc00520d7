import CLinux
import Command
import Core
import Glibc
import Nav

/// `compass-bench path`: runs the problems of a scenario file and prints one JSON object.
func runPath(_ arguments: Arguments) throws -> ExitCode {
  var arguments = arguments
  if arguments.flag("--help") {
    emit(pathUsage)
    return .success
  }
  let mapPath = try arguments.value("--map")
  guard let scenarioPath = try arguments.value("--scen") else {
    throw CommandError(.usage, "path needs --scen FILE; \(pathUsage)")
  }
  let costPath = try arguments.value("--costs")
  let patchPath = try arguments.value("--patch")
  let scale = try arguments.integer("--scale", in: 1...32) ?? 1
  let every = try arguments.integer("--every", in: 1...1_000_000) ?? 1
  let passes = try arguments.integer("--passes", in: 1...100) ?? 3
  let dumpPath = try arguments.value("--dump")
  let budget = try arguments.integer("--budget", in: 1...Int.max)
  _ = arguments.flag("--json")
  try arguments.finish()

  var fault = ""
  guard let file = ScenarioFile(text: try text(of: scenarioPath), fault: &fault) else {
    throw CommandError(.badData, "\(scenarioPath): \(fault)")
  }
  var options = PathBenchmark.Options(file: file)
  options.name = baseName(mapPath ?? scenarioPath)
  options.scale = scale
  options.every = every
  options.passes = passes
  options.nodeBudget = budget ?? .max
  options.clock = PathClock(
    elapsed: { linux_monotonic_nanoseconds() }, processor: { linux_thread_cpu_nanoseconds() })
  options.residentBytes = { residentBytes() }
  if let mapPath {
    guard let map = GridMap(text: try bytes(of: mapPath), fault: &fault) else {
      throw CommandError(.badData, "\(mapPath): \(fault)")
    }
    options.map = map
  } else if file.size == nil {
    throw CommandError(.usage, "a version-1 scenario file needs --map FILE")
  }
  if let costPath {
    guard let costs = CostFile.read(text: try text(of: costPath), fault: &fault) else {
      throw CommandError(.badData, "\(costPath): \(fault)")
    }
    options.costs = costs
  }
  if let patchPath {
    guard let patches = PatchFile.read(text: try text(of: patchPath), fault: &fault) else {
      throw CommandError(.badData, "\(patchPath): \(fault)")
    }
    options.patches = patches
  }
  var dump: UnsafeMutablePointer<FILE>?
  if let dumpPath {
    dump = fopen(dumpPath, "w")
    guard dump != nil else { throw CommandError(.cannotCreate, "\(dumpPath) cannot be written") }
    let target = dump
    options.dump = { index, cost, cells in
      let points = cells.map { "\($0.x),\($0.y)" }.joined(separator: " ")
      fputs("\(index) \(cost) \(points)\n", target)
    }
  }
  let report = PathBenchmark.run(options)
  if let dump, fclose(dump) != 0 { throw CommandError(.inputOutput, "the dump was not written to its end") }
  for fault in report.faults { say("path: \(fault)") }
  emit(json(report))
  return report.wrong == 0 ? .success : .different
}

let pathUsage = """
  compass-bench path --map FILE.map --scen FILE [--costs FILE.cost] [--patch FILE.patch] [--scale K]
                     [--every N] [--passes N] [--budget NODES] [--dump FILE] --json
    Runs every problem (or every N-th) and compares costs; prints one JSON object; exit 1 when one is wrong.
    --budget ends each search after so many nodes; what it does not finish counts as unreachable, not as wrong.
    Times are the least of 3 passes over all problems, of elapsed and of CPU time: other work counts less so.
    --dump writes a line per problem: its number, its cost, and its turning cells as x,y.
  """

private func json(_ report: PathBenchmark.Report) -> String {
  var json = JSONText()
  let times = report.times
  json.object {
    $0.member("map", report.map)
    $0.member("scenarios", Double(report.scenarios))
    $0.member("skipped", Double(report.skipped))
    $0.member("wrong", Double(report.wrong))
    $0.member("unreachable", Double(report.unreachable))
    $0.member("median_us", PathBenchmark.Report.quantile(times, 0.5))
    $0.member("short_median_us", PathBenchmark.Report.quantile(report.shortTimes, 0.5))
    $0.member("mean_us", report.mean)
    $0.member("p95_us", PathBenchmark.Report.quantile(times, 0.95))
    $0.member("p99_us", PathBenchmark.Report.quantile(times, 0.99))
    $0.member("max_us", times.last ?? .nan)
    $0.member("first_leg_median_us", PathBenchmark.Report.quantile(report.firstLegTimes, 0.5))
    $0.member("cost_ratio_max", report.costRatioMax)
    $0.member("patch_mean_us", report.patchMean ?? .nan)
    $0.member("expanded_mean", report.expandedMean)
    $0.member("dijkstra_checked", Double(report.checked))
    $0.member("setup_ms", report.setupMilliseconds)
    $0.member("rss_growth_mb", report.residentGrowth)
  }
  return json.text
}

private func bytes(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "r") else { throw CommandError(.noInput, "\(path): cannot be opened") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  guard ferror(file) == 0 else { throw CommandError(.inputOutput, "\(path): cannot be read to its end") }
  return bytes
}

private func text(of path: String) throws -> String {
  String(decoding: try bytes(of: path), as: UTF8.self)
}

private func baseName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// Resident memory of this process.
private func residentBytes() -> Int64 {
  guard let text = try? text(of: "/proc/self/statm") else { return 0 }
  let words = text.split(separator: " ")
  guard words.count > 1, let pages = Int64(words[1]) else { return 0 }
  return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
}
