import Core

extension DataNode {
  /// A whole number, or text such as "0x1f0".
  func offset(in range: ClosedRange<Int>) throws(DataError) -> Int {
    guard case .string(let text) = value else { return try integer(in: range) }
    guard text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) else {
      throw error("expected a number or text such as \"0x1f0\", found \"\(text)\"")
    }
    guard range.contains(number) else {
      throw error("\(text) is out of range \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// One of `choices`, or an error with the nearest.
  func choice(_ what: String, of choices: [String]) throws(DataError) -> String {
    let text = try string()
    guard choices.contains(text) else { throw unknown(what, text, among: choices) }
    return text
  }

  func unknown(_ what: String, _ text: String, among choices: [String]) -> DataError {
    error("unknown \(what) \"\(text)\"\(didYouMean(text, among: choices))")
  }
}

/// `; did you mean "x"?` when something near is known.
func didYouMean(_ text: String, among choices: [String]) -> String {
  let near = choices.sorted().min { editDistance($0, text) < editDistance($1, text) }
  guard let near, editDistance(near, text) <= max(2, near.count / 4) else { return "" }
  return "; did you mean \"\(near)\"?"
}

/// Bytes of "0a 1B ?? ff"; a wildcard is nil. Nil when the text is something else.
func hexadecimalBytes(_ text: String) -> [UInt8?]? {
  var bytes: [UInt8?] = []
  var half: UInt8?
  var wild = false
  for character in text.utf8 {
    if character == 0x20 { continue }
    if character == UInt8(ascii: "?") {
      guard half == nil else { return nil }
      if wild { bytes.append(nil) }
      wild.toggle()
      continue
    }
    guard !wild, let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
    if let high = half {
      bytes.append(high << 4 | UInt8(digit))
      half = nil
    } else {
      half = UInt8(digit)
    }
  }
  return half == nil && !wild ? bytes : nil
}
