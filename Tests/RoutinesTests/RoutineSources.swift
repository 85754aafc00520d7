import Core
import Foundation
import TestSupport

/// What the sources of the routines say of their states and of the failures they can end with, so that no list has to
/// be kept by hand.
struct RoutineSources {
  struct Kind {
    /// Indices of its states, as `phase` tells them.
    var phases: Set<UInt8> = []
    /// Failures that it names itself, or that a task of its names.
    var failures: Set<RoutineFailure> = []
  }

  /// By the name of the type.
  private(set) var kinds: [String: Kind] = [:]

  init() throws {
    let tasks = try Self.files("Tasks")
    var ofTask: [String: Set<RoutineFailure>] = [:]
    for (name, text) in tasks { ofTask[name] = Self.failures(text, isWalk: name == "Walk") }
    // A task that is made of another passes on what that says.
    for (name, text) in tasks {
      for (other, failures) in ofTask where other != name && Self.uses(text, other) {
        ofTask[name, default: []].formUnion(failures)
      }
    }
    let phasesOfTask = tasks.mapValues(Self.phases)
    for (name, text) in try Self.files("Kinds") {
      var kind = Kind(phases: Self.phases(text), failures: Self.failures(text, isWalk: false))
      for (task, failures) in ofTask where Self.uses(text, task) {
        kind.failures.formUnion(failures)
        // A state that is the task's own.
        if text.contains(": walk.phase") { kind.phases.formUnion(phasesOfTask[task] ?? []) }
      }
      kinds[name] = kind
    }
  }

  /// The sources of a folder by type: `Pull.swift` and `Pull+Pet.swift` are one, remarks left out.
  private static func files(_ folder: String) throws -> [String: String] {
    let url = Repository.root.appending(path: "Sources/Routines/\(folder)")
    var texts: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil) {
      let name = String(file.lastPathComponent.prefix { $0 != "+" && $0 != "." })
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      texts[name, default: ""] +=
        text.split(separator: "\n").map { $0.prefix(upTo: $0.range(of: "//")?.lowerBound ?? $0.endIndex) }
        .joined(separator: "\n") + "\n"
    }
    return texts
  }

  private static func uses(_ text: String, _ task: String) -> Bool {
    text.range(of: "\\b\(task)\\(", options: .regularExpression) != nil
  }

  /// The numbers that `phase` gives.
  private static func phases(_ text: String) -> Set<UInt8> {
    guard let head = text.range(of: "var phase: UInt8 {") else { return [] }
    var depth = 1
    var body = ""
    for character in text[head.upperBound...] {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if depth == 0 { break }
      body.append(character)
    }
    return Set(body.split { !$0.isNumber }.compactMap { UInt8($0) })
  }

  /// Failures that are given, not those that are only looked for.
  private static func failures(_ text: String, isWalk: Bool) -> Set<RoutineFailure> {
    let names = Dictionary(uniqueKeysWithValues: RoutineFailure.allCases.map { ($0.name, $0) })
    var found: Set<RoutineFailure> = []
    for line in text.split(separator: "\n") {
      var line = line.trimmingCharacters(in: .whitespaces)
      line = line.replacingOccurrences(of: "== \\.failed\\(\\.\\w+\\)", with: "", options: .regularExpression)
      if line.hasPrefix("case ") {
        line = line.firstIndex(of: ":").map { String(line[line.index(after: $0)...]) } ?? ""
      }
      var tails: [Substring] = []
      for mark in [".failed(", "again("] {
        if let range = line.range(of: mark) { tails.append(line[range.upperBound...]) }
      }
      if isWalk, let range = line.range(of: "return .") { tails.append("." + line[range.upperBound...]) }
      for tail in tails {
        for word in tail.split(separator: ".").dropFirst(tail.hasPrefix(".") ? 0 : 1) {
          if let failure = names[String(word.prefix { $0.isLetter })] { found.insert(failure) }
        }
      }
    }
    return found
  }
}
