/// The regions of a zone: its tree of planes (0x21) and what regions are (0x29).
struct WLDRegions {
  private(set) var volumes: RegionVolumes?
  /// Numbers of regions that lead somewhere, with the zone's number (nil: not said).
  private(set) var zoneLines: [(region: Int, zone: Int?)] = []

  /// Deeper trees than this are refused.
  static let depthMost = 4096

  init(_ file: WLDFile) throws(AssetError) {
    guard let tree = file.fragments.first(where: { $0.type == 0x21 }) else { return }
    let regionCount = file.fragments.count { $0.type == 0x22 }
    var media: [Int: Medium] = [:]
    for fragment in file.fragments where fragment.type == 0x29 {
      try readFlags(fragment, in: file, regionCount: regionCount, into: &media)
    }
    var zones: [Int: Int] = [:]
    for line in zoneLines { zones[line.region] = line.zone }
    volumes = RegionVolumes(try Self.readTree(tree, in: file, regionCount: regionCount, media: media, zones: zones))
  }

  private mutating func readFlags(
    _ fragment: WLDFile.Fragment, in file: WLDFile, regionCount: Int, into media: inout [Int: Medium]
  ) throws(AssetError) {
    var reader = try file.body(fragment)
    _ = try reader.u32("flags")
    let count = try reader.count("regions")
    try reader.checkCount(count, of: 4, "regions")
    var regions: [Int] = []
    for _ in 0..<count {
      let region = try reader.count("region")
      guard region < regionCount else { throw reader.error("region \(region) of \(regionCount)") }
      regions.append(region)
    }
    let textBytes = try reader.count("text")
    let text = WLDFile.coded(try reader.take(textBytes, "text")).prefix { $0 != 0 }
    let name = (text.isEmpty ? fragment.name : String(decoding: text, as: UTF8.self)).uppercased()
    guard let medium = Self.medium(name) else { return }
    for region in regions {
      media[region] = medium
      if medium == .zoneLine { zoneLines.append((region, Self.zone(name))) }
    }
  }

  /// What a name stands for; the longest prefix decides.
  static func medium(_ name: String) -> Medium? {
    let kinds: [(String, Medium)] = [
      ("WTNTP", .zoneLine), ("LANTP", .zoneLine), ("DRNTP", .zoneLine), ("WTN_", .water), ("WT_", .water),
      ("LAN_", .lava), ("LA_", .lava), ("SLN_", .slime), ("SL", .slime), ("VWN_", .water), ("VWA", .water),
    ]
    if name.hasPrefix("DRN_"), name.contains("_S_") { return .slippery }
    return kinds.first { name.hasPrefix($0.0) }?.1
  }

  /// Five digits after the tag; 255 stands for an index into a server's table.
  private static func zone(_ name: String) -> Int? {
    let digits = name.dropFirst(5).prefix(5)
    guard digits.count == 5, let zone = Int(digits), zone != 255 else { return nil }
    return zone
  }

  /// The tree renumbered so that children come behind their parents.
  private static func readTree(
    _ fragment: WLDFile.Fragment, in file: WLDFile, regionCount: Int, media: [Int: Medium], zones: [Int: Int]
  ) throws(AssetError) -> [RegionVolumes.Node] {
    var reader = try file.body(fragment)
    let count = try reader.count("nodes")
    try reader.checkCount(count, of: 28, "nodes")
    guard count > 0 else { return [] }
    var raw: [(node: RegionVolumes.Node, front: Int, back: Int)] = []
    raw.reserveCapacity(count)
    for _ in 0..<count {
      let normal = try reader.point("plane")
      let distance = try reader.f32("plane")
      let region = try reader.count("region")
      let front = try reader.count("front")
      let back = try reader.count("back")
      guard front <= count, back <= count, region <= regionCount else {
        throw reader.error("a node names a node or a region that is not there")
      }
      let medium = region > 0 && front == 0 && back == 0 ? media[region - 1] : nil
      let zone = medium == .zoneLine ? Int32(truncatingIfNeeded: zones[region - 1] ?? 0) : 0
      raw.append(
        (
          RegionVolumes.Node(normal: normal, distance: distance, front: -1, back: -1, medium: medium, zone: zone),
          front, back
        ))
    }
    var nodes: [RegionVolumes.Node] = []
    var isSeen = [Bool](repeating: false, count: count)
    // (node to visit, who points at it, on which side, depth)
    var stack: [(index: Int, parent: Int, isFront: Bool, depth: Int)] = [(0, -1, true, 0)]
    while let visit = stack.popLast() {
      guard !isSeen[visit.index] else { throw reader.error("node \(visit.index + 1) has two parents") }
      guard visit.depth < depthMost else { throw reader.error("the tree is too deep") }
      isSeen[visit.index] = true
      let number = Int32(nodes.count)
      nodes.append(raw[visit.index].node)
      if visit.parent >= 0 {
        if visit.isFront { nodes[visit.parent].front = number } else { nodes[visit.parent].back = number }
      }
      if raw[visit.index].front > 0 { stack.append((raw[visit.index].front - 1, Int(number), true, visit.depth + 1)) }
      if raw[visit.index].back > 0 { stack.append((raw[visit.index].back - 1, Int(number), false, visit.depth + 1)) }
    }
    return nodes
  }
}
