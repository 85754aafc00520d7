import Core
import Telemetry

/// Where a run that is stepped through stops.
public enum Breakpoint: Hashable, Sendable {
  /// At this slot.
  case tick(Int)
  /// When this rule is chosen and was not in the tick before.
  case rule(RuleID)
  /// When the decision comes to be made by this layer.
  case layer(DecisionLayer)
  /// When an event of this key happens; a key that ends with ".*" stands for all that begin so.
  case event(String)

  /// As it stands in a file.
  public var text: String {
    switch self {
    case .tick(let slot): "tick \(slot)"
    case .rule(let rule): "rule \(rule.name)"
    case .layer(let layer): "layer \(layer.name)"
    case .event(let key): "event \(key)"
    }
  }

  /// The keys of `SessionEvent`, for spelling.
  static let eventKeys = [
    "encounter.end", "pull.result", "acquire.result", "loot", "rest.end", "flee.trigger", "flee.end", "player.death",
    "player.level", "zone.change", "routine.end", "plan.made", "plan.completed", "plan.invalidated", "circuit.open",
    "snapshot", "cycle.complete", "incident", "activity.change", "stuck", "anomaly", "tuning.change",
    "invariant.breach", "hold", "fault",
    "recovery", "phase.change",
  ]

  /// Reads a file of breakpoints: one a line, "#" begins a remark.
  ///
  ///     tick 1200
  ///     rule flee            # where does it run to?
  ///     event encounter.*
  /// - Throws: `DataError` with line and column for a word that is not known or is missing.
  public static func parse(_ text: String, file: String) throws(DataError) -> [Breakpoint] {
    var found: [Breakpoint] = []
    // "\r\n" is one character.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      guard index < 10_000 else { throw DataError(file: file, line: index + 1, cause: "more than 10000 lines") }
      if let breakpoint = try parse(line: String(line), file: file, number: index + 1) { found.append(breakpoint) }
    }
    return found
  }

  /// Reads one line; nil for an empty one.
  public static func parse(line: String, file: String, number: Int) throws(DataError) -> Breakpoint? {
    var words: [(text: String, column: Int)] = []
    var column = 1
    var word = ""
    for scalar in line.unicodeScalars {
      if scalar == "#" { break }
      if scalar == " " || scalar == "\t" || scalar == "\r" {
        if !word.isEmpty { words.append((word, column - word.unicodeScalars.count)) }
        word = ""
      } else {
        word.unicodeScalars.append(scalar)
      }
      column += 1
    }
    if !word.isEmpty { words.append((word, column - word.unicodeScalars.count)) }
    guard let kind = words.first else { return nil }
    func fault(_ cause: String, at column: Int) -> DataError {
      DataError(file: file, line: number, column: column, cause: cause)
    }
    let kinds = ["tick", "rule", "layer", "event"]
    guard kinds.contains(kind.text) else {
      throw fault("\"\(kind.text.printable)\" is no breakpoint" + hint(kind.text, kinds), at: kind.column)
    }
    guard words.count > 1 else {
      throw fault("after \"\(kind.text)\" its \(kind.text == "tick" ? "number" : "name") is missing", at: column)
    }
    if words.count > 2 { throw fault("\"\(words[2].text.printable)\" is too much", at: words[2].column) }
    let value = words[1]
    switch kind.text {
    case "tick":
      guard let slot = Int(value.text), (0...1_000_000_000).contains(slot) else {
        throw fault("\"\(value.text.printable)\" is no tick; a whole number from 0 is one", at: value.column)
      }
      return .tick(slot)
    case "rule":
      guard let rule = RuleID.allCases.first(where: { $0.name == value.text }) else {
        let cause = "there is no rule \"\(value.text.printable)\"" + hint(value.text, RuleID.allCases.map(\.name))
        throw fault(cause, at: value.column)
      }
      return .rule(rule)
    case "layer":
      guard let layer = DecisionLayer.allCases.first(where: { $0.name == value.text }) else {
        let names = DecisionLayer.allCases.map(\.name)
        throw fault("there is no layer \"\(value.text.printable)\"" + hint(value.text, names), at: value.column)
      }
      return .layer(layer)
    default:
      guard value.text == "*" || eventKeys.contains(where: { matches(value.text, $0) }) else {
        throw fault("no event is named \"\(value.text.printable)\"" + hint(value.text, eventKeys), at: value.column)
      }
      return .event(value.text)
    }
  }

  private static func hint(_ word: String, _ known: [String]) -> String {
    guard word.count < 40, let near = known.min(by: { editDistance($0, word) < editDistance($1, word) }),
      editDistance(near, word) <= 2
    else { return "; there are: " + known.joined(separator: ", ") }
    return "; did you mean \"\(near)\"?"
  }

  /// Whether the event `key` is meant by `pattern`.
  static func matches(_ pattern: String, _ key: String) -> Bool {
    if pattern == "*" { return true }
    return pattern.hasSuffix(".*") ? key.hasPrefix(pattern.dropLast()) : key == pattern
  }

  /// Whether a run stops at `moment`, coming from `before`.
  func isHit(_ moment: SteppedTick, after before: SteppedTick?) -> Bool {
    let decision = moment.output.receipt.decision
    let last = before?.output.receipt.decision
    return switch self {
    case .tick(let slot): moment.slot == slot
    case .rule(let rule): decision.rule == rule && last?.rule != rule
    case .layer(let layer): decision.layer == layer && last?.layer != layer
    case .event(let pattern): moment.output.events.contains { Self.matches(pattern, $0.key) }
    }
  }
}
