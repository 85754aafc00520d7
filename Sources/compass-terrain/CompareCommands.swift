import Command
import Core
import Nav
import TerrainBuilder

func diffCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let old = try arguments.word("a terrain file")
  let new = try arguments.word("another terrain file")
  try arguments.finish()
  let difference = try TerrainDifference(try Terrain(path: old), try Terrain(path: new))
  emit(isJSON ? difference.json : difference.text)
  return difference.isEmpty ? .success : .different
}

func exportCommand(_ arguments: inout Arguments) throws -> ExitCode {
  let obj = try arguments.value("--obj")
  let glb = try arguments.value("--glb")
  let file = try arguments.word("a terrain file")
  try arguments.finish()
  guard obj != nil || glb != nil else { throw CommandError(.usage, "--obj or --glb says where to write") }
  let mesh = try TerrainExport(try Terrain(path: file))
  if let obj { try AtomicFile.write(mesh.obj, to: obj) }
  if let glb { try AtomicFile.write(mesh.glb, to: glb) }
  emit("\(file): \(mesh.faceCount) faces")
  return .success
}
