import Command
import Core
import Nav
import TerrainBuilder

func pathCommand(_ arguments: inout Arguments) throws -> ExitCode {
  guard let from = try arguments.value("--from").map(position), let to = try arguments.value("--to").map(position)
  else { throw CommandError(.usage, "--from and --to are needed") }
  let isJSON = arguments.flag("--json")
  let output = try arguments.value("--output")
  let file = try arguments.word("a terrain file")
  try arguments.finish()
  let terrain = try Terrain(path: file)
  let navigator = Navigator(floors: try Floors(terrain))
  let result = navigator.path(from: from, to: to, nodeBudget: 10_000_000)
  let path = result.path
  if isJSON {
    var json = JSONText()
    json.object { json in
      json.member("complete", result.failure == nil)
      if let failure = result.failure { json.member("reason", failure.name) }
      if let path {
        json.member("seconds", path.seconds)
        json.member("length", path.length)
        json.member(
          "points",
          array: { json in
            for point in path.points {
              json.array {
                $0.value(point.x)
                $0.value(point.y)
                $0.value(point.z)
              }
            }
          })
      }
    }
    emit(json.text)
  } else {
    if let failure = result.failure { emit("not all the way: \(failure.name)") }
    if let path {
      emit("\(path.points.count) points, \(path.length.tenths) units, \(path.seconds.tenths) seconds")
      for point in path.points { emit("  \(point)") }
    }
  }
  if let output, let path {
    var picture = try TerrainPicture(terrain)
    picture.path = path.points
    try write(picture, to: output)
  }
  return result.failure == nil ? .success : .different
}
