import Command
import Core
import Glibc
import TerrainBuilder

/// Builds, opens and asks large meshes: those of `COMPASS_MESHES`, else of the shared test data. Each mesh has a
/// process of its own, and another one opens the file, so that peaks and resident memory are theirs alone.
func benchTerrainBuild(asJSON: Bool) throws {
  let folder = getenv("COMPASS_MESHES").map { String(cString: $0) } ?? "../shared/data/terrain/recast"
  for name in TerrainBenchmark.names {
    guard access("\(folder)/\(name).obj", R_OK) == 0 else {
      say("terrain-build: no \(folder)/\(name).obj; COMPASS_MESHES names the directory")
      continue
    }
    let scratch = "/tmp/compass-bench-\(getpid())-\(name).terrain"
    defer { unlink(scratch) }
    for part in ["build", "touch"] {
      let words = ["compass-bench", TerrainBuildPart.subcommand, part, folder, name, scratch, asJSON ? "1" : "0"]
      guard try TerrainBuildPart.start(words) == 0 else {
        throw CommandError(.internalFault, "terrain-build: \(name), \(part) failed")
      }
    }
  }
}

/// A process that does one part of `terrain-build`.
enum TerrainBuildPart {
  static let subcommand = "terrain-build-part"

  /// Runs this program anew with other words and waits for its end.
  /// - Returns: What `waitpid` says of it.
  static func start(_ words: [String]) throws -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    var pid = pid_t()
    guard posix_spawn(&pid, "/proc/self/exe", nil, nil, arguments, environ) == 0 else {
      throw CommandError(.internalFault, "terrain-build: cannot start a process")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  /// `PART FOLDER MESH SCRATCH JSON`
  static func run(_ words: [String]) -> Never {
    guard words.count == 5 else { exit(ExitCode.usage.rawValue) }
    do {
      let title = "\(words[2]) x40"
      if words[0] == "build" {
        let result = try TerrainBenchmark(meshes: words[1]).run(words[2], scratch: words[3])
        report(result.name, result.figures, asJSON: words[4] == "1")
      } else {
        let (file, anonymous) = try TerrainBenchmark.touch(words[3])
        report(
          "\(title) opened",
          [("file_mb", file), ("anonymous_mb", anonymous), ("resident_mb", file + anonymous)], asJSON: words[4] == "1"
        )
      }
      exit(0)
    } catch {
      say("terrain-build: \(error)")
      exit(1)
    }
  }

  private static func report(_ title: String, _ figures: [(name: String, value: Double)], asJSON: Bool) {
    if asJSON {
      var json = JSONText()
      json.object { json in
        json.member("name", "terrain-build")
        json.member("case", title)
        for figure in figures { json.member(figure.name, figure.value) }
      }
      emit(json.text)
    } else {
      emit("terrain-build  \(title)")
      for figure in figures { emit("  \(figure.name)  \(figure.value)") }
    }
  }
}
