import Command
import Core
import Nav
import TerrainBuilder

func infoCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let file = try arguments.word("a terrain file")
  try arguments.finish()
  report(try Terrain(path: file), isJSON: isJSON)
  return .success
}

func verifyCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let file = try arguments.word("a terrain file")
  try arguments.finish()
  let terrain = try Terrain(path: file)
  try terrain.verify()
  if isJSON {
    var json = JSONText()
    json.object {
      $0.member("file", file)
      $0.member("bytes", terrain.byteCount)
      $0.member("good", true)
    }
    emit(json.text)
  } else {
    emit("\(file): \(terrain.byteCount) bytes, all good")
  }
  return .success
}

/// What a terrain holds, on stdout.
func report(_ terrain: Terrain, isJSON: Bool) {
  let statistics = TerrainStatistics(terrain)
  emit(isJSON ? statistics.json : statistics.text)
}
