import Command
import Core
import Glibc
import SessionAnalysis

let usage = """
  usage: compass-sessions report DIR [--html FILE] [--json]     one screen on a session; one self-contained page
         compass-sessions check DIR [--json]                    the checks alone; exit 1 when one fails

  DIR is the directory of one session. Exit codes: 0 fine, 1 different or failed, 64 usage, 65 unreadable, 66 no session.
  """

/// Data go to stdout, or into `--html FILE`.
func report(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let page = try arguments.value("--html")
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  let report = SessionReport(try readSession(directory))
  if let page {
    try writeFile(page, report.html)
    say("wrote \(page)")
  }
  emit(isJSON ? report.json : report.text)
  return .success
}

func check(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  let report = SessionReport(try readSession(directory))
  emit(isJSON ? report.json : report.checkText)
  return report.verdict == .fail ? .different : .success
}

func writeFile(_ path: String, _ text: String) throws {
  guard let file = fopen(path, "w") else { throw CommandError(.cannotCreate, "cannot create \(path)") }
  defer { fclose(file) }
  guard fputs(text, file) >= 0 else { throw CommandError(.inputOutput, "cannot write \(path)") }
}

runProgram("compass-sessions") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if arguments.flag("--version") {
    emit("compass-sessions \(Version.number)")
    return .success
  }
  if arguments.flag("--help") {
    emit(usage)
    return .success
  }
  let command = try arguments.word("a command (report, check)")
  do {
    switch command {
    case "report": return try report(&arguments)
    case "check": return try check(&arguments)
    default: throw CommandError(.usage, "unknown command \"\(command)\"; --help lists what there is")
    }
  } catch let failure as SessionsFailure {
    switch failure {
    case .usage(let text): throw CommandError(.usage, text)
    case .badData(let text): throw CommandError(.badData, text)
    case .noInput(let text): throw CommandError(.noInput, text)
    case .cannotCreate(let text): throw CommandError(.cannotCreate, text)
    }
  }
}
