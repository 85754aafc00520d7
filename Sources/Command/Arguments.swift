/// Command-line arguments of one subcommand: options with values, flags, and the words left over.
///
///     var arguments = Arguments(CommandLine.arguments.dropFirst())
///     let seed = try arguments.integer("--seed", in: 0...Int.max) ?? 1
///     let isArmed = arguments.flag("--armed")
///     let directory = try arguments.word("a session directory")
///     try arguments.finish()
public struct Arguments {
  private var rest: [String]

  public init(_ arguments: some Sequence<String>) {
    // `--name=value` is the same as `--name value`.
    rest = arguments.flatMap { argument -> [String] in
      guard argument.hasPrefix("--"), let sign = argument.firstIndex(of: "=") else { return [argument] }
      return [String(argument[..<sign]), String(argument[argument.index(after: sign)...])]
    }
  }

  public var isEmpty: Bool { rest.isEmpty }

  /// True when `name` was given.
  public mutating func flag(_ name: String) -> Bool {
    guard let index = rest.firstIndex(of: name) else { return false }
    rest.remove(at: index)
    return true
  }

  /// The value after `name`; nil when `name` was not given.
  public mutating func value(_ name: String) throws -> String? {
    guard let index = rest.firstIndex(of: name) else { return nil }
    guard index + 1 < rest.count, !rest[index + 1].hasPrefix("--") else {
      throw CommandError(.usage, "\(name) needs a value")
    }
    defer { rest.removeSubrange(index...index + 1) }
    return rest[index + 1]
  }

  /// All values up to the next option, for options that take several (`--input A B`).
  public mutating func values(_ name: String) throws -> [String] {
    var values: [String] = []
    while let index = rest.firstIndex(of: name) {
      let end = rest[(index + 1)...].firstIndex { $0.hasPrefix("--") } ?? rest.count
      guard end > index + 1 else { throw CommandError(.usage, "\(name) needs a value") }
      values += rest[(index + 1)..<end]
      rest.removeSubrange(index..<end)
    }
    return values
  }

  public mutating func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = try value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw CommandError(
        .usage, "\(name) needs a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return number
  }

  public mutating func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = try value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw CommandError(
        .usage, "\(name) needs a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
    }
    return number
  }

  /// One of `choices`.
  public mutating func choice(_ name: String, of choices: [String]) throws -> String? {
    guard let text = try value(name) else { return nil }
    guard choices.contains(text) else {
      throw CommandError(.usage, "\(name) is one of \(choices.joined(separator: ", ")), not \"\(text)\"")
    }
    return text
  }

  /// A half-open range `A..<B` or one number.
  public mutating func range(_ name: String) throws -> Range<Int>? {
    guard let text = try value(name) else { return nil }
    let ends = text.split(separator: "..<", omittingEmptySubsequences: false).map { Int($0) }
    if ends.count == 1, let one = ends[0], one < Int.max { return one..<one + 1 }
    guard ends.count == 2, let first = ends[0], let end = ends[1], first < end else {
      throw CommandError(.usage, "\(name) needs a range such as 0..<8, not \"\(text)\"")
    }
    return first..<end
  }

  /// The next word that is no option; nil at the end.
  public mutating func word() -> String? {
    guard let first = rest.first, !first.hasPrefix("--") else { return nil }
    return rest.removeFirst()
  }

  public mutating func word(_ what: String) throws -> String {
    guard let word = word() else { throw CommandError(.usage, "\(what) is missing") }
    return word
  }

  /// Refuses whatever nobody asked for.
  public func finish() throws {
    guard let first = rest.first else { return }
    throw CommandError(.usage, "unknown argument \"\(first)\"; --help lists what there is")
  }
}
