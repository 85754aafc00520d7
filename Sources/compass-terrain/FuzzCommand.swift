import Command
import Core
import Glibc
import TerrainBuilder

/// The case being tried, for the last words of a trap.
private nonisolated(unsafe) var currentCase = 0

func fuzzCommand(_ arguments: inout Arguments) throws -> ExitCode {
  guard
    let target = FuzzTarget(rawValue: try arguments.choice("--target", of: FuzzTarget.allCases.map(\.rawValue)) ?? "")
  else { throw CommandError(.usage, "--target is missing") }
  let seed = try arguments.integer("--seed", in: 0...Int.max) ?? 1
  let first = try arguments.integer("--case", in: 0...Int.max)
  let seconds = try arguments.number("--seconds", in: 0...1e6) ?? 10
  let cutsOnly = arguments.flag("--cuts")
  let isJSON = arguments.flag("--json")
  let files = try arguments.values("--corpus")
  try arguments.finish()
  guard !files.isEmpty else { throw CommandError(.usage, "--corpus is missing: sound files to damage") }
  let corpus = try files.map { try FuzzCorpus.read($0, for: target) }.flatMap { $0 }
  for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
    signal(number) { number in
      // A trap: say where, then die of it.
      var text: [UInt8] = Array("\ntrapped at case ".utf8)
      var digits: [UInt8] = []
      var rest = currentCase
      repeat {
        digits.append(UInt8(48 + rest % 10))
        rest /= 10
      } while rest > 0
      text += digits.reversed() + [10]
      _ = text.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      signal(number, SIG_DFL)
      raise(number)
    }
  }
  let run = FuzzRun(target, corpus: corpus, seed: UInt64(seed))
  let result =
    cutsOnly
    ? try run.cuts(announce: { currentCase = $0 })
    : try run.run(
      from: first ?? 0, count: first == nil ? .max : 1, seconds: seconds, announce: { currentCase = $0 })
  if isJSON {
    var json = JSONText()
    json.object {
      $0.member("target", target.rawValue)
      $0.member("executions", result.executions)
      $0.member("accepted", result.accepted)
      $0.member("cpu_seconds", result.seconds)
    }
    emit(json.text)
  } else {
    emit(
      "\(target.rawValue): \(result.executions) executions, \(result.accepted) accepted, \(result.seconds.tenths) s, "
        + "no trap")
  }
  return .success
}
