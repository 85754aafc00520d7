/// A terrain file in the making: what a builder hands over, in any order, and the bytes that come of it.
///
/// The same content gives the same bytes: there is no time and no path in them.
public struct TerrainImage: Sendable {
  /// Cells that the planes of a sheet cover.
  public struct Sheet: Sendable, Hashable {
    public var area: TerrainRectangle

    public init(area: TerrainRectangle) { self.area = area }
  }

  struct Plane: Sendable {
    var profile: Int
    var sheet: Int
    /// Rows, columns, and travel classes or nothing.
    var forms: [[UInt64]]
  }

  struct Tile: Sendable {
    var payload: [UInt8] = []
    var layerCount = 0
    var surfaceMask: UInt16 = 0
  }

  public var header: TerrainHeader
  public var sheets: [Sheet]
  public var profiles: [AgentProfile]
  public var links: [TerrainLink] = []
  public var dynamics: [TerrainDynamic] = []
  /// JSON.
  public var metadata: String = "{}"
  private var tiles: [Tile]
  private var planes: [Plane] = []

  public init(header: TerrainHeader, sheets: [Sheet], profiles: [AgentProfile]) {
    self.header = header
    self.sheets = sheets
    self.profiles = profiles
    self.header.sheetCount = sheets.count
    self.header.profileCount = profiles.count
    tiles = Array(repeating: Tile(), count: header.tilesX * header.tilesY)
  }

  /// Encodes the layers of a tile, in rising sheet order; layers without a floor are left out by the caller.
  public mutating func setTile(_ tileX: Int, _ tileY: Int, _ encoded: TerrainEncodedTile) {
    tiles[tileY * header.tilesX + tileX] = Tile(
      payload: encoded.payload, layerCount: encoded.layerCount, surfaceMask: encoded.surfaceMask)
  }

  /// The plane of a sheet for a profile; `classes` are bit planes 0, 1 of `TerrainSurface.travelClass`, the empty
  /// highest ones left out.
  public mutating func addPlane(profile: Int, sheet: Int, walk: PlaneWords, classes: [PlaneWords] = []) {
    var forms = [walk.words, walk.transposed.words]
    if !classes.isEmpty { forms.append(classes.flatMap(\.words)) }
    planes.append(Plane(profile: profile, sheet: sheet, forms: forms))
  }

  /// The whole file.
  public func encode() -> [UInt8] {
    var sections: [(code: UInt32, bytes: [UInt8], isChecked: Bool)] = []
    var directory = TerrainBytes()
    var data = TerrainBytes()
    for tile in tiles {
      directory.u32(UInt32(data.bytes.count / 8))
      directory.u32(UInt32(tile.payload.count))
      directory.u32(tile.payload.withUnsafeBytes { TerrainChecksum.crc32c($0) })
      directory.u8(UInt8(tile.layerCount))
      directory.u8(0)
      directory.u16(tile.surfaceMask)
      data.bytes += tile.payload
      data.pad(to: 8)
    }
    sections.append((TerrainFormat.tileDirectory, directory.bytes, true))
    sections.append((TerrainFormat.sheets, encodeSheets(), true))
    sections.append((TerrainFormat.profiles, encodeProfiles(), true))
    var bits = TerrainBytes()
    sections.append((TerrainFormat.planes, encodePlanes(&bits), true))
    sections.append((TerrainFormat.links, encodeLinks(), true))
    sections.append((TerrainFormat.dynamics, encodeDynamics(), true))
    sections.append((TerrainFormat.metadata, Array(metadata.utf8), true))
    sections.append((TerrainFormat.planeBits, bits.bytes, false))
    sections.append((TerrainFormat.tileData, data.bytes, false))

    var offset = TerrainFormat.headerBytes + sections.count * TerrainFormat.sectionBytes
    var table = TerrainBytes()
    var starts: [Int] = []
    for section in sections {
      offset = (offset + 63) / 64 * 64
      starts.append(offset)
      table.u32(section.code)
      // Flag 1: the checksum covers the section; without it the parts have their own.
      table.u32(section.isChecked ? 1 : 0)
      table.u64(UInt64(offset))
      table.u64(UInt64(section.bytes.count))
      table.u32(section.isChecked ? section.bytes.withUnsafeBytes { TerrainChecksum.crc32c($0) } : 0)
      table.u32(0)
      offset += section.bytes.count
    }
    var out = header.encode(fileBytes: offset, sectionCount: sections.count, tableChecksum: table.checksum)
    out.reserveCapacity(offset)
    out += table.bytes
    for (section, start) in zip(sections, starts) {
      out += repeatElement(0, count: start - out.count)
      out += section.bytes
    }
    return out
  }

  private func encodeSheets() -> [UInt8] {
    var out = TerrainBytes()
    for sheet in sheets {
      for value in [sheet.area.x, sheet.area.y, sheet.area.width, sheet.area.height] { out.u32(UInt32(value)) }
    }
    return out.bytes
  }

  private func encodeProfiles() -> [UInt8] {
    var out = TerrainBytes()
    for profile in profiles {
      out.text(profile.name, count: 24)
      for value in [profile.radius, profile.height, profile.step, profile.slope, profile.drop] { out.f64(value) }
    }
    return out.bytes
  }

  private func encodePlanes(_ bits: inout TerrainBytes) -> [UInt8] {
    var out = TerrainBytes()
    for plane in planes.sorted(by: { ($0.profile, $0.sheet) < ($1.profile, $1.sheet) }) {
      let area = sheets[plane.sheet].area
      for (form, words) in plane.forms.enumerated() {
        bits.pad(to: 64)
        out.u32(UInt32(plane.profile))
        out.u32(UInt32(plane.sheet))
        out.u32(UInt32(form))
        out.u32(UInt32(form == 1 ? area.height : area.width))
        out.u32(UInt32(form == 1 ? area.width : area.height))
        out.u32(words.withUnsafeBytes { TerrainChecksum.crc32c($0) })
        out.u64(UInt64(bits.bytes.count))
        out.u64(UInt64(words.count * 8))
        // The file is little-endian, as is every machine that this runs on.
        words.withUnsafeBytes { bits.bytes.append(contentsOf: $0) }
      }
    }
    return out.bytes
  }

  private func encodeLinks() -> [UInt8] {
    var out = TerrainBytes()
    for link in links {
      out.u8(link.kind.rawValue)
      out.u8(link.isTwoWay ? 1 : 0)
      out.u16(0)
      out.u32(link.profiles)
      for cell in [link.from, link.to] {
        out.i32(cell.x)
        out.i32(cell.y)
        out.i32(cell.sheet)
      }
      out.f64(link.fromZ)
      out.f64(link.toZ)
      out.i32(link.tag)
      out.bytes += [UInt8](repeating: 0, count: 12)
    }
    return out.bytes
  }

  private func encodeDynamics() -> [UInt8] {
    var out = TerrainBytes()
    for dynamic in dynamics {
      out.u32(UInt32(dynamic.kind.rawValue))
      out.i32(dynamic.tag)
      out.u32(UInt32(dynamic.sheet))
      out.u32(UInt32(dynamic.runs.count))
      out.f64(dynamic.low)
      out.f64(dynamic.high)
      for run in dynamic.runs {
        out.i32(run.x)
        out.i32(run.y)
        out.i32(run.count)
      }
    }
    return out.bytes
  }
}

/// A tile as it stands in the file; made on any thread.
public struct TerrainEncodedTile: Sendable {
  var payload: [UInt8]
  let layerCount: Int
  /// Bit n: surface code n occurs.
  public let surfaceMask: UInt16

  /// - Parameter layers: in rising sheet order, each with at least one floor.
  public init(_ layers: [TerrainTileLayer]) {
    payload = TerrainTile.encode(layers)
    layerCount = layers.count
    var mask: UInt16 = 0
    for layer in layers {
      for (height, surface) in zip(layer.heights, layer.surfaces) where height != TerrainTileLayer.void {
        mask |= 1 << UInt16(surface & 15)
      }
    }
    surfaceMask = mask
  }

  /// Tiles of one layer each, in rising sheet order, as one tile.
  public init(stacked parts: [TerrainEncodedTile]) {
    payload = parts.flatMap(\.payload)
    layerCount = parts.reduce(0) { $0 + $1.layerCount }
    surfaceMask = parts.reduce(0) { $0 | $1.surfaceMask }
  }

  public var byteCount: Int { payload.count }

  /// A tile of one layer, on another sheet.
  public func onSheet(_ sheet: Int) -> TerrainEncodedTile {
    var copy = self
    copy.payload[0] = UInt8(truncatingIfNeeded: sheet)
    copy.payload[1] = UInt8(truncatingIfNeeded: sheet >> 8)
    return copy
  }

  /// The cells of several tiles of one layer each, none of which share a column.
  public static func merged(_ parts: [TerrainEncodedTile], sheet: Int) -> TerrainTileLayer {
    var layer = TerrainTileLayer(sheet: sheet)
    for part in parts {
      part.payload.withUnsafeBytes { bytes in
        for cell in 0..<TerrainTileLayer.cellCount {
          let side = TerrainTileLayer.side
          guard let start = bytes.baseAddress,
            let (z, surface) = TerrainTile.sample(start, x: cell % side, y: cell / side)
          else { continue }
          layer.heights[cell] = z
          layer.surfaces[cell] = surface
        }
      }
    }
    return layer
  }

  /// Height in quanta at a cell of the first layer; nil where it has no floor.
  public func height(x: Int, y: Int) -> Int32? {
    payload.withUnsafeBytes { bytes in bytes.baseAddress.flatMap { TerrainTile.sample($0, x: x, y: y)?.z } }
  }

  /// Surface at a cell of the first layer.
  public func surface(x: Int, y: Int) -> TerrainSurface? {
    payload.withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { TerrainTile.sample($0, x: x, y: y) }.flatMap {
        TerrainSurface(rawValue: $0.surface)
      }
    }
  }
}
