import Command
import Core
import Glibc
import TerrainBuilder

/// Builds, opens and asks large meshes: those of `COMPASS_MESHES`, else of the shared test data.
func benchTerrainBuild(asJSON: Bool) throws {
  let folder = getenv("COMPASS_MESHES").map { String(cString: $0) } ?? "../shared/data/terrain/recast"
  for name in TerrainBenchmark.names {
    guard access("\(folder)/\(name).obj", R_OK) == 0 else {
      say("terrain-build: no \(folder)/\(name).obj; COMPASS_MESHES names the directory")
      continue
    }
    // `peak_mb` is the peak of the whole process so far.
    let result = try TerrainBenchmark(meshes: folder).run(name, scratch: "/tmp/compass-bench-\(getpid()).terrain")
    if asJSON {
      var json = JSONText()
      json.object { json in
        json.member("name", "terrain-build")
        json.member("case", result.name)
        for figure in result.figures { json.member(figure.name, figure.value) }
      }
      emit(json.text)
    } else {
      emit("terrain-build  \(result.name)")
      for figure in result.figures { emit("  \(figure.name)  \(figure.value)") }
    }
  }
}
