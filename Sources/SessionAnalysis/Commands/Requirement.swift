import Core

/// What a session must have reached, such as `defeats>=3` or `tick_ms_p99<=50`; `deaths` alone is only stated.
public struct Requirement: Sendable {
  public let figure: String
  public let isAtLeast: Bool
  /// Nil when the figure may be anything.
  public let bound: Double?

  /// Nil for text of another form.
  public init?(_ text: String) {
    for (sign, isAtLeast) in [(">=", true), ("<=", false)] {
      guard let range = text.firstRange(of: sign) else { continue }
      guard let bound = Double(text[range.upperBound...]), !text[..<range.lowerBound].isEmpty else { return nil }
      figure = String(text[..<range.lowerBound])
      self.isAtLeast = isAtLeast
      self.bound = bound
      return
    }
    figure = text
    isAtLeast = true
    bound = nil
  }

  /// Whether `report` keeps to it, with a sentence that says so; nil when there is no such figure.
  public func verdict(_ report: SessionReport) -> (isKept: Bool, sentence: String)? {
    guard let figure = report.figures.first(where: { $0.name == figure }) else { return nil }
    let value = figure.value ?? .nan
    guard let bound else { return (true, "\(figure.name) \(value.tenths)") }
    let isKept = isAtLeast ? value >= bound : value <= bound
    let sign = isAtLeast ? ">=" : "<="
    return (isKept, "\(figure.name) \(value.tenths) \(sign) \(bound.tenths): \(isKept ? "kept" : "BROKEN")")
  }
}
