import Core
import Nav

/// What a terrain was built from: files with their hashes, the builder's version and its parameters.
///
/// Its hash is in the file's header; a terrain is stale when the hash of what is there now differs.
struct SourceManifest: Sendable {
  var sources: [SourceFile]
  var settings: BuildSettings

  var sha256: [UInt8] { SHA256.hash(Array(json(notes: []).utf8)) }

  func json(notes: [String]) -> String {
    var text = JSONText()
    text.object { json in
      json.member("builder", TerrainBuild.version)
      json.member("cell", settings.cellSize)
      json.member("quantum", settings.quantum)
      json.member("island_least", settings.islandLeast)
      json.member("all_drops", settings.keepsAllDrops)
      if settings.swims { json.member("swim", true) }
      if case .recast(let voxelHeight) = settings.rules { json.member("recast_voxel", voxelHeight) }
      json.member(
        "agents",
        array: { json in
          for profile in settings.profiles {
            json.object { json in
              json.member("name", profile.name)
              json.member("radius", profile.radius)
              json.member("height", profile.height)
              json.member("step", profile.step)
              json.member("slope", profile.slope)
              json.member("drop", profile.drop)
            }
          }
        })
      json.member(
        "sources",
        array: { json in
          for source in sources + (settings.overrides.map { [$0.source] } ?? []) {
            json.object { json in
              json.member("name", source.name)
              json.member("bytes", source.byteCount)
              json.member("sha256", source.sha256.map { hexadecimalByte($0) }.joined())
            }
          }
        })
      if !notes.isEmpty {
        json.member(
          "notes",
          array: { json in
            for note in notes { json.value(note) }
          })
      }
    }
    return text.text
  }
}

func hexadecimalByte(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return byte < 16 ? "0" + digits : digits
}
