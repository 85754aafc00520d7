/// One problem of a scenario file.
public struct Scenario: Hashable, Sendable {
  public var bucket: Int
  public var start: Cell
  public var goal: Cell
  /// Least cost, as the file states it.
  public var cost: Double
}

/// What a scenario file says, in its order.
public enum ScenarioCommand: Hashable, Sendable {
  case query(Scenario)
  /// Overwrites a rectangle with patch `index`, its north-western cell at `at`.
  case patch(index: Int, at: Cell)
}

/// A Moving AI scenario file, version 1 (problems) or 2 (problems and patches).
public struct ScenarioFile: Sendable {
  public var commands: [ScenarioCommand] = []
  /// Size of the map of a version-2 file, all of it passable at first.
  public var size: (width: Int, height: Int)?

  /// Reads `text`; nil with the reason in `fault` when it is no such file.
  public init?(text: String, fault: inout String) {
    var isDynamic = false
    var inCommands = false
    var width: Int?
    var height: Int?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard let first = words.first else { continue }
      if first == "version" {
        isDynamic = words.last == "2"
        inCommands = !isDynamic
        continue
      }
      if !inCommands {
        if first == "width" { width = words.last.flatMap { Int($0) } }
        if first == "height" { height = words.last.flatMap { Int($0) } }
        if first == "commands" { inCommands = true }
        continue
      }
      guard let command = isDynamic ? Self.command(words) : Self.problem(words) else {
        fault = "line \(number + 1) is neither problem nor patch"
        return nil
      }
      commands.append(command)
    }
    if isDynamic {
      guard let width, let height else {
        fault = "a version-2 file needs width and height"
        return nil
      }
      size = (width, height)
    }
  }

  private static func problem(_ words: [Substring]) -> ScenarioCommand? {
    guard words.count >= 9, let bucket = Int(words[0]), let sx = Int(words[4]), let sy = Int(words[5]),
      let gx = Int(words[6]), let gy = Int(words[7]), let cost = Double(words[8])
    else { return nil }
    return .query(Scenario(bucket: bucket, start: Cell(sx, sy), goal: Cell(gx, gy), cost: cost))
  }

  private static func command(_ words: [Substring]) -> ScenarioCommand? {
    let numbers = words.dropFirst().map { Double($0) ?? .nan }
    guard numbers.allSatisfy({ $0.isFinite && abs($0) < 1e9 }) else { return nil }
    let whole = numbers.map { Int($0) }
    if words[0] == "Q", numbers.count == 6 {
      return .query(
        Scenario(bucket: whole[0], start: Cell(whole[1], whole[2]), goal: Cell(whole[3], whole[4]), cost: numbers[5]))
    }
    if words[0] == "P", numbers.count == 4 { return .patch(index: whole[1], at: Cell(whole[2], whole[3])) }
    return nil
  }
}

/// The rectangles of a `.patch` file.
public enum PatchFile {
  public static func read(text: String, fault: inout String) -> [GridMap]? {
    var patches: [GridMap] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard words.first == "patch", words.count == 2 else { continue }
      var width: Int?
      var height: Int?
      while let header = lines.popFirst() {
        let words = header.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        if words.first == "map" { break }
        if words.first == "width" { width = words.last.flatMap { Int($0) } }
        if words.first == "height" { height = words.last.flatMap { Int($0) } }
      }
      guard let width, let height, width > 0, height > 0, height <= lines.count else {
        fault = "patch \(patches.count) has no size"
        return nil
      }
      var cells: [UInt8] = []
      for _ in 0..<height { cells += (lines.popFirst() ?? "").utf8.prefix(width) }
      guard cells.count == width * height else {
        fault = "patch \(patches.count) is not \(width) × \(height)"
        return nil
      }
      patches.append(GridMap(width: width, height: height, cells: cells))
    }
    return patches
  }
}

/// A `.cost` table: a symbol and its cost per line; 0 is blocked.
public enum CostFile {
  public static func read(text: String, fault: inout String) -> [UInt8: Double]? {
    var costs: [UInt8: Double] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard words.count == 2, words[0].utf8.count == 1, let symbol = words[0].utf8.first, let cost = Double(words[1]),
        cost >= 0, cost < 1000
      else {
        fault = "\"\(line)\" is no symbol with a cost"
        return nil
      }
      costs[symbol] = cost
    }
    return costs
  }
}
