import Command
import Core
import Nav
import TerrainBuilder

func renderCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let path = try arguments.values("--path").map(position)
  guard let output = try arguments.value("--output") else { throw CommandError(.usage, "--output is missing") }
  let size = try arguments.integer("--size", in: 16...16384) ?? 1600
  let sheet = try arguments.integer("--layer", in: 0...65535)
  let file = try arguments.word("a terrain file")
  try arguments.finish()
  var picture = try TerrainPicture(try Terrain(path: file), side: size, sheet: sheet)
  picture.path = path
  try write(picture, to: output)
  return .success
}

func write(_ picture: TerrainPicture, to output: String) throws {
  do {
    try picture.write(to: output)
  } catch let fault as TerrainPicture.Fault {
    throw CommandError(.cannotCreate, fault.description)
  }
}

/// `x,y` or `x,y,z`
func position(_ text: String) throws -> Position {
  let numbers = text.split(separator: ",").map { Double($0) }
  guard (2...3).contains(numbers.count), let x = numbers[0], let y = numbers[1], x.isFinite, y.isFinite,
    let z = numbers.count == 3 ? numbers[2] : 0, z.isFinite
  else { throw CommandError(.usage, "a place is x,y or x,y,z, not \"\(text)\"") }
  return Position(x, y, z)
}
