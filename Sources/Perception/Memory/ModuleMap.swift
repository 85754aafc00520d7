import Glibc

/// What a process has mapped: `/proc/PID/maps`.
public struct ModuleMap: Sendable {
  public struct Region: Hashable, Sendable {
    public var start: UInt64
    public var end: UInt64
    public var fileOffset: UInt64
    public var isReadable: Bool
    public var isWritable: Bool
    public var isExecutable: Bool
    public var path: String
  }

  public var regions: [Region]

  public static func read(pid: pid_t) -> ModuleMap {
    parse(String(decoding: ProcessFile.bytes("/proc/\(pid)/maps") ?? [], as: UTF8.self))
  }

  /// Lines such as `55d0-55e0 r-xp 00001000 08:01 42  /usr/bin/thing`; others are left out.
  public static func parse(_ text: String) -> ModuleMap {
    var regions: [Region] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 5)
      let ends = fields.first?.split(separator: "-") ?? []
      guard fields.count >= 5, ends.count == 2, let start = UInt64(ends[0], radix: 16),
        let end = UInt64(ends[1], radix: 16), let offset = UInt64(fields[2], radix: 16), start < end
      else { continue }
      let path = fields.count > 5 ? String(fields[5].drop { $0 == " " }) : ""
      regions.append(
        Region(
          start: start, end: end, fileOffset: offset, isReadable: fields[1].contains("r"),
          isWritable: fields[1].contains("w"), isExecutable: fields[1].contains("x"), path: path))
    }
    return ModuleMap(regions: regions)
  }

  /// The regions of the first mapped file whose path fits `glob`, with the anonymous tail of its data segment.
  public func module(matching glob: String) -> (path: String, regions: [Region])? {
    guard let first = regions.first(where: { $0.path.hasPrefix("/") && fits($0.path, glob: glob) }) else {
      return nil
    }
    var found: [Region] = []
    for region in regions {
      let isTail = region.path.isEmpty && region.start == found.last?.end && region.isWritable
      if region.path == first.path || isTail { found.append(region) }
    }
    return (first.path, found)
  }
}

/// True when `text` fits `glob`, in which `*` stands for any run of characters. " (deleted)" at the end is ignored.
/// - Complexity: O(n · m).
func fits(_ text: String, glob: String) -> Bool {
  var text = Array(text.utf8)
  let deleted = Array(" (deleted)".utf8)
  if text.suffix(deleted.count).elementsEqual(deleted) { text.removeLast(deleted.count) }
  let glob = Array(glob.utf8)
  var (t, g, star, mark) = (0, 0, -1, 0)
  while t < text.count {
    if g < glob.count, glob[g] == UInt8(ascii: "*") {
      (star, mark) = (g, t)
      g += 1
    } else if g < glob.count, glob[g] == text[t] {
      t += 1
      g += 1
    } else if star >= 0 {
      mark += 1
      (t, g) = (mark, star + 1)
    } else {
      return false
    }
  }
  while g < glob.count, glob[g] == UInt8(ascii: "*") { g += 1 }
  return g == glob.count
}
