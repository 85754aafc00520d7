/// Writes wall-clock times as ISO 8601, UTC, with milliseconds; the part up to the second is kept.
struct WallClock {
  private var second: Int64 = .min
  private var prefix: [UInt8] = []

  /// "2026-11-21T09:40:00.123Z".
  mutating func append(_ nanoseconds: Int64, to bytes: inout [UInt8]) {
    let second = floorDivided(nanoseconds, 1_000_000_000)
    if second != self.second {
      self.second = second
      prefix = Array(Self.text(second: second).utf8)
    }
    let milliseconds = Int((nanoseconds - second * 1_000_000_000) / 1_000_000)
    bytes.append(contentsOf: prefix)
    bytes.append(UInt8(ascii: "."))
    for divisor in [100, 10, 1] { bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / divisor % 10)) }
    bytes.append(UInt8(ascii: "Z"))
  }

  /// "2026-11-21T09:40:00" (civil date from days: Hinnant, "chrono-compatible low-level date algorithms").
  static func text(second: Int64) -> String {
    let days = floorDivided(second, 86_400)
    let rest = Int(second - days * 86_400)
    let shifted = days + 719_468
    let era = floorDivided(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
  }

  /// "20261121T094000", for names of files.
  static func compact(_ nanoseconds: Int64) -> String {
    text(second: floorDivided(nanoseconds, 1_000_000_000)).filter { $0 != "-" && $0 != ":" }
  }
}

private func floorDivided(_ number: Int64, _ divisor: Int64) -> Int64 {
  let quotient = number / divisor
  return number % divisor < 0 ? quotient - 1 : quotient
}
