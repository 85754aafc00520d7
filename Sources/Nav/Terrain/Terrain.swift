import Core
import Synchronization

/// The ground of a zone: a terrain file, mapped and used in place.
///
///     let terrain = try Terrain(path: "meadow.terrain")
///     let z = terrain.height(120.5, -3, near: 4)
///     let planes = try terrain.planes(profile: 0)
///
/// Opening checks the header and the tables. A tile is checked when it is first asked for; one that is damaged
/// reads as void and is reported by `damage`. `verify` checks everything.
public final class Terrain: Sendable {
  public let header: TerrainHeader
  public let profiles: [AgentProfile]
  public let links: [TerrainLink]
  public let dynamics: [TerrainDynamic]
  /// Cells that each sheet's planes cover.
  public let sheets: [TerrainRectangle]
  /// JSON: sources with their hashes, the builder and its parameters.
  public let metadata: String
  /// For messages.
  public let file: String

  /// Bytes of each section, in file order.
  public let sectionBytes: [(name: String, bytes: Int)]

  let memory: TerrainMemory
  let directory: UnsafeRawBufferPointerBox
  let tileData: UnsafeRawBufferPointerBox
  // What every query needs, close together. The bytes never change while `memory` lives.
  nonisolated(unsafe) let directoryStart: UnsafeRawPointer
  nonisolated(unsafe) let tileStart: UnsafeRawPointer
  nonisolated(unsafe) let stateStart: UnsafeMutablePointer<Atomic<UInt32>>
  let columns: TerrainColumns
  let tilesPerRow: Int
  let zBase: Double
  let quantum: Double
  let planeTable: [TerrainPlaneEntry]
  let tileStates: TerrainTileStates
  let layerIndex: TerrainLayerIndex
  private let firstDamage = Mutex<TerrainError?>(nil)
  let checkedProfiles = Atomic<UInt64>(0)

  /// Maps a file.
  public convenience init(path: String) throws(TerrainError) {
    try self.init(memory: TerrainMemory(mapping: path), file: path)
  }

  /// Takes a file's bytes; `name` stands in messages.
  public convenience init(bytes: [UInt8], name: String = "memory") throws(TerrainError) {
    try self.init(memory: TerrainMemory(copying: bytes), file: name)
  }

  private init(memory: TerrainMemory, file: String) throws(TerrainError) {
    let tables = try TerrainTables(memory.bytes, file: file)
    self.memory = memory
    self.file = file
    header = tables.header
    profiles = tables.profiles
    links = tables.links
    dynamics = tables.dynamics
    sheets = tables.sheets
    metadata = tables.metadata
    sectionBytes = tables.sections.sorted { ($0.value.lowerBound, $0.key) < ($1.value.lowerBound, $1.key) }
      .map { (TerrainFormat.name($0.key), $0.value.count) }
    planeTable = tables.planes
    directory = UnsafeRawBufferPointerBox(tables.directory)
    tileData = UnsafeRawBufferPointerBox(tables.tileData)
    tileStates = TerrainTileStates(count: tables.header.tilesX * tables.header.tilesY)
    stateStart = tileStates.states
    layerIndex = TerrainLayerIndex(count: tables.header.tilesX * tables.header.tilesY)
    // Sections may be empty, but then nothing in them is ever asked for.
    directoryStart = tables.directory.baseAddress ?? UnsafeRawPointer(tileStates.start)
    tileStart = tables.tileData.baseAddress ?? UnsafeRawPointer(tileStates.start)
    columns = TerrainColumns(tables.header)
    tilesPerRow = tables.header.tilesX
    zBase = tables.header.zBase
    quantum = tables.header.quantum
  }

  public var sheetCount: Int { sheets.count }

  /// What the checks of tiles found so far; nil while nothing is wrong.
  public var damage: TerrainError? { firstDamage.withLock { $0 } }

  func report(_ error: TerrainError) {
    firstDamage.withLock { if $0 == nil { $0 = error } }
  }

  /// Bytes of the file.
  public var byteCount: Int { memory.bytes.count }

  /// The walk planes of a profile, one pair a sheet; checked the first time.
  /// - Complexity: O(sheets); the first call reads all words once.
  public func planes(profile: Int = 0) throws(TerrainError) -> [TerrainPlanes] {
    guard profiles.indices.contains(profile) else { return [] }
    let isChecked = checkedProfiles.load(ordering: .acquiring) >> UInt64(profile) & 1 == 1
    var found: [TerrainPlanes] = []
    for sheet in sheets.indices {
      var forms: [UnsafePointer<UInt64>?] = [nil, nil, nil]
      var classCount = 0
      for entry in planeTable where entry.profile == profile && entry.sheet == sheet {
        let words = UnsafeRawBufferPointer(rebasing: memory.bytes[entry.offset..<entry.offset + entry.byteCount])
        if !isChecked, TerrainChecksum.crc32c(words) != entry.checksum {
          throw .damaged(file: file, offset: entry.offset, cause: "plane checksum differs")
        }
        forms[entry.form] = words.baseAddress?.assumingMemoryBound(to: UInt64.self)
        if entry.form == 2 {
          classCount = entry.byteCount / (WalkPlane.wordCount(width: entry.width, height: entry.height) * 8)
        }
      }
      guard let rows = forms[0], let columns = forms[1] else { continue }
      let area = sheets[sheet]
      let walk = WalkPlane(width: area.width, height: area.height, rows: rows, columns: columns, owner: memory)
      let classes = forms[2].map {
        ClassPlane(width: area.width, height: area.height, planeCount: classCount, words: $0, owner: memory)
      }
      found.append(TerrainPlanes(sheet: sheet, area: area, walk: walk, classes: classes))
    }
    if !isChecked { checkedProfiles.bitwiseOr(1 << UInt64(profile), ordering: .releasing) }
    return found
  }

  /// The profile with this name.
  public func profile(named name: String) -> Int? { profiles.firstIndex { $0.name == name } }

  /// Checks everything: every tile, every plane.
  /// - Complexity: O(bytes).
  public func verify() throws(TerrainError) {
    for tile in 0..<header.tilesX * header.tilesY { try check(tile: tile) }
    for profile in profiles.indices {
      checkedProfiles.bitwiseAnd(~(1 << UInt64(profile)), ordering: .relaxed)
      for planes in try planes(profile: profile) { try check(planes) }
    }
  }
}

/// A view of bytes that `TerrainMemory` owns.
struct UnsafeRawBufferPointerBox: @unchecked Sendable {
  // Sendable: the bytes never change.
  let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
}

/// What is known of each tile, in four bytes, so that most queries look no farther. A class because it owns memory.
final class TerrainTileStates: @unchecked Sendable {
  // Sendable: the states are atomic.
  let states: UnsafeMutablePointer<Atomic<UInt32>>
  private let count: Int

  static let unchecked: UInt32 = 0
  static let damaged: UInt32 = 1
  /// Good, but so far back in the file, or so near to the end of its memory, that every query looks at the tables.
  static let good: UInt32 = 2
  static let empty: UInt32 = 3
  /// From here on: good, and `TerrainTile.slack` bytes behind it may be read. Bit 0: one record stands for the only
  /// layer. Bit 31: there are several layers. The others are two more than the place where its first layer begins in
  /// the tile data, in words of eight bytes.
  static let placed: UInt32 = 4
  static let several: UInt32 = 1 << 31
  /// Places from here on do not fit.
  static let placeMost = 1 << 30 - 2

  @inline(__always) static func hasOneLayer(_ state: UInt32) -> Bool { state &- placed < several &- placed }
  /// 1 where one record stands for the tile's only layer, else 0.
  @inline(__always) static func isWhole(_ state: UInt32) -> Int32 { Int32(truncatingIfNeeded: state & 1) }
  /// Where the only layer begins. Unit: bytes.
  @inline(__always) static func place(_ state: UInt32) -> Int { Int(truncatingIfNeeded: state & ~1) &* 4 &- 16 }

  /// Of the memory.
  var start: UnsafeMutableRawPointer { UnsafeMutableRawPointer(states) }

  init(count: Int) {
    self.count = count
    states = .allocate(capacity: max(count, 1))
    for index in 0..<count { (states + index).initialize(to: Atomic(Self.unchecked)) }
  }

  deinit {
    states.deinitialize(count: count)
    states.deallocate()
  }

  func store(_ tile: Int, _ state: UInt32) { states[tile].store(state, ordering: .relaxed) }
}
