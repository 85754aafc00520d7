import Core
import Telemetry

/// Two sessions side by side, or many in a row.
public enum Comparison {
  /// Figures of both, with the difference; then checks whose verdicts differ.
  public static func text(_ left: SessionReport, _ right: SessionReport) -> String {
    var lines = ["\(pad("", 20))\(pad("A", 14))\(pad("B", 14))difference"]
    for (a, b) in zip(left.figures, right.figures) {
      let difference = a.value.flatMap { a in b.value.map { $0 - a } }
      lines.append(
        pad(a.name, 20) + pad(text(a.value), 14) + pad(text(b.value), 14)
          + (difference.map { ($0 > 0 ? "+" : "") + $0.hundredths } ?? "-"))
    }
    for (a, b) in zip(left.checks, right.checks) where a.result.verdict != b.result.verdict {
      lines.append(
        "check \(a.name): \(a.result.verdict.rawValue) -> \(b.result.verdict.rawValue): \(b.result.sentence)")
    }
    let names = Set(left.timeByRoutine.map(\.name) + right.timeByRoutine.map(\.name)).sorted()
    for name in names {
      let a = left.timeByRoutine.first { $0.name == name }?.part ?? 0
      let b = right.timeByRoutine.first { $0.name == name }?.part ?? 0
      lines.append(
        pad("time \(name)", 20) + pad("\((a * 100).tenths) %", 14) + pad("\((b * 100).tenths) %", 14)
          + "\(b >= a ? "+" : "")\(((b - a) * 100).tenths)")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ value: Double?) -> String { value.map { $0.hundredths } ?? "-" }

  public static func json(_ left: SessionReport, _ right: SessionReport) -> String {
    var json = JSONText()
    json.object { json in
      for (a, b) in zip(left.figures, right.figures) {
        json.key(a.name)
        json.object { json in
          json.key("a")
          if let value = a.value { json.value(value) } else { json.null() }
          json.key("b")
          if let value = b.value { json.value(value) } else { json.null() }
        }
      }
    }
    return json.text
  }

  static let trendColumns = [
    "defeats_per_hour", "deaths_per_hour", "pull_success", "stuck", "lowest_health", "tick_ms_p99", "late_ms_p99",
  ]

  /// One line a session; the last says how far the newest lies from the others, in standard deviations.
  public static func trend(_ reports: [SessionReport]) -> String {
    let width = (reports.map { $0.session.info.directory.count }.max() ?? 8) + 2
    var lines = [pad("session", width) + trendColumns.map { pad($0, 17) }.joined()]
    var columns: [[Double]] = trendColumns.map { _ in [] }
    for report in reports {
      let values = trendColumns.map { name in report.figures.first { $0.name == name }?.value ?? nil }
      for (index, value) in values.enumerated() {
        if let value { columns[index].append(value) }
      }
      lines.append(pad(report.session.info.directory, width) + values.map { pad(text($0), 17) }.joined())
    }
    lines.append(pad("newest, deviations", width) + columns.map { pad(deviation($0), 17) }.joined())
    return lines.joined(separator: "\n")
  }

  /// An object a session, with the same columns.
  public static func trendJSON(_ reports: [SessionReport]) -> String {
    var json = JSONText()
    json.array { json in
      for report in reports {
        json.object { json in
          json.member("session", report.session.info.directory)
          for (name, value) in report.figures where trendColumns.contains(name) {
            json.key(name)
            if let value { json.value(value) } else { json.null() }
          }
        }
      }
    }
    return json.text
  }

  /// How many standard deviations the last value lies from the mean of those before; "-" with fewer than four.
  private static func deviation(_ values: [Double]) -> String {
    guard let last = values.last, values.count >= 4 else { return "-" }
    let before = values.dropLast()
    let mean = before.reduce(0, +) / Double(before.count)
    let variance = before.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(before.count - 1)
    guard variance > 0 else { return last == mean ? "0" : "?" }
    return ((last - mean) / variance.squareRoot()).tenths
  }
}
