import Command
import Core
import Glibc
import SessionAnalysis

let usage = """
  usage: compass-sessions list [DIR]                                 the sessions under DIR
         compass-sessions report DIR [--html FILE] [--json]          one screen; one self-contained page
         compass-sessions check DIR [--json]                         the checks alone; exit 1 when one fails
         compass-sessions require DIR FIGURE>=N …                    exit 1 when a figure of the report falls short
         compass-sessions why DIR TICK [--json] [--receipt-only]     the receipt of one tick; what no receipt holds (the
                                                                     points of all targets, the plan) comes of a replay
         compass-sessions whynot DIR RULE [TICK|A..B] [--json]       why a rule was not chosen
         compass-sessions whynot DIR ENTITY TICK [--json]            why a target was not chosen: factor by factor
         compass-sessions timeline DIR [--json]                      what happened, in order
         compass-sessions replay DIR [--json]                        the same inputs to the same agent; exit 1 when it
              [--with-config FILE] [--with-data ENVIRONMENT]         decides otherwise; under another configuration, or
                                                                     with the data of a changed copy of its environment
         compass-sessions compare DIR DIR [--json]                   two sessions side by side
         compass-sessions trend DIR [--json]                         one line per session under DIR
         compass-sessions export DIR --mcap|--perfetto|--sqlite FILE for viewers and for questions of one's own
         compass-sessions extract DIR A..B --output DIR              a small session that replays
         compass-sessions bundle DIR --output FILE [--anonymous]     what to attach to a bug report (.tar.zst); without
                                                                     names of players, their speech and paths, it is
                                                                     replayed, and said whether it still tells the same
         compass-sessions recover DIR                                brings a crashed session up to date

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
    try writeFile(page, report.html(grounds: ReportGround.all(of: report.session)))
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

func require(_ arguments: inout Arguments) throws -> ExitCode {
  let report = SessionReport(try readSession(try arguments.word("a session directory")))
  var isKept = true
  while let text = arguments.word() {
    guard let requirement = Requirement(text), let verdict = requirement.verdict(report) else {
      let known = report.figures.map(\.name).joined(separator: ", ")
      throw CommandError(.usage, "\"\(text)\" is not FIGURE>=N or FIGURE<=N with a figure of: \(known)")
    }
    emit(verdict.sentence)
    isKept = isKept && verdict.isKept
  }
  try arguments.finish()
  return isKept ? .success : .different
}

func list(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let root = arguments.word() ?? "sessions"
  try arguments.finish()
  let found = SessionList.find(root)
  guard !found.isEmpty else { throw CommandError(.noInput, "there is no session under \(root)") }
  emit(isJSON ? SessionList.json(found) : SessionList.text(found))
  return .success
}

func why(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let directory = try arguments.word("a session directory")
  let tick = try tick(try arguments.word("a tick"))
  let isShort = arguments.flag("--receipt-only")
  try arguments.finish()
  var more: WhyTarget?
  if !isShort {
    do {
      more = try WhyTarget(tick: tick, of: directory)
    } catch SessionsFailure.badData(let reason) {
      say("without the points of the factors, which only a replay knows: \(reason)")
    }
  }
  let frame = try more?.frame ?? Why.tick(tick, of: directory)
  emit(isJSON ? Why.json(frame, more) : Why.text(frame, more))
  return .success
}

func whynot(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let directory = try arguments.word("a session directory")
  let rule = try arguments.word("a rule, or the number of an entity")
  if let raw = UInt32(rule) {
    let more = try WhyTarget(tick: try tick(try arguments.word("a tick")), of: directory)
    try arguments.finish()
    emit(isJSON ? more.json(of: EntityID(raw)) : more.text(of: EntityID(raw)))
    return .success
  }
  let ticks = try arguments.word().map(tickRange) ?? 0...Int.max
  try arguments.finish()
  let answer = try WhyNot(rule: rule, ticks: ticks, of: directory)
  emit(isJSON ? answer.json : answer.text())
  return .success
}

func tick(_ text: String) throws -> Int {
  guard let tick = Int(text), tick >= 0 else { throw CommandError(.usage, "\"\(text)\" is no tick") }
  return tick
}

/// `TICK` or `A..B`, both ends included.
func tickRange(_ text: String) throws -> ClosedRange<Int> {
  guard let dots = text.firstRange(of: "..") else {
    let only = try tick(text)
    return only...only
  }
  let (first, last) = (try tick(String(text[..<dots.lowerBound])), try tick(String(text[dots.upperBound...])))
  guard first <= last else { throw CommandError(.usage, "\(text) runs backwards") }
  return first...last
}

func timeline(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let session = try readSession(try arguments.word("a session directory"))
  try arguments.finish()
  emit(isJSON ? Timeline.json(session) : Timeline.text(session))
  return .success
}

func replay(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let file = try arguments.value("--with-config")
  let data = try arguments.value("--with-data")
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  let outcome = try Replay.run(directory, configuration: try file.map(readText), data: data)
  emit(isJSON ? outcome.json : outcome.text(isWhatIf: file != nil || data != nil))
  return outcome.isEqual ? .success : .different
}

func compare(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let left = SessionReport(try readSession(try arguments.word("a session directory")))
  let right = SessionReport(try readSession(try arguments.word("a second session directory")))
  try arguments.finish()
  emit(isJSON ? Comparison.json(left, right) : Comparison.text(left, right))
  return .success
}

func trend(_ arguments: inout Arguments) throws -> ExitCode {
  let isJSON = arguments.flag("--json")
  let root = try arguments.word("a directory of sessions")
  try arguments.finish()
  let found = SessionList.find(root)
  guard !found.isEmpty else { throw CommandError(.noInput, "there is no session under \(root)") }
  let reports = try found.map { SessionReport(try readSession($0)) }
  emit(isJSON ? Comparison.trendJSON(reports) : Comparison.trend(reports))
  return .success
}

func export(_ arguments: inout Arguments) throws -> ExitCode {
  let forms: [(String, (String, String) throws -> Void)] = [
    ("--mcap", MCAPExport.write), ("--perfetto", PerfettoExport.write), ("--sqlite", SQLiteExport.write),
  ]
  var wanted: [(path: String, write: (String, String) throws -> Void)] = []
  for (name, write) in forms {
    if let path = try arguments.value(name) { wanted.append((path, write)) }
  }
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  guard !wanted.isEmpty else { throw CommandError(.usage, "name --mcap FILE, --perfetto FILE or --sqlite FILE") }
  for (path, write) in wanted {
    try write(directory, path)
    say("wrote \(path)")
  }
  return .success
}

func extract(_ arguments: inout Arguments) throws -> ExitCode {
  guard let output = try arguments.value("--output") else { throw CommandError(.usage, "--output DIR is missing") }
  let directory = try arguments.word("a session directory")
  let ticks = try tickRange(try arguments.word("ticks A..B"))
  try arguments.finish()
  let count = try Extract.write(directory, ticks: ticks, to: output)
  say("wrote \(output): ticks \(ticks.lowerBound) to \(ticks.upperBound), \(count) inputs from the start for replay")
  return .success
}

func bundle(_ arguments: inout Arguments) throws -> ExitCode {
  let isAnonymous = arguments.flag("--anonymous")
  guard let output = try arguments.value("--output") else { throw CommandError(.usage, "--output FILE is missing") }
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  let bundle = try SessionBundle.write(directory, to: output, isAnonymous: isAnonymous)
  say("wrote \(output): \(bundle.names.joined(separator: ", "))")
  if let replay = bundle.replay { say(replay) }
  return .success
}

func recover(_ arguments: inout Arguments) throws -> ExitCode {
  let directory = try arguments.word("a session directory")
  try arguments.finish()
  emit(try recoverSession(directory))
  return .success
}

func readText(_ path: String) throws -> String {
  guard let file = fopen(path, "r") else { throw CommandError(.noInput, "cannot read \(path)") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&chunk, 1, chunk.count, file), count > 0, bytes.count < 16 << 20 {
    bytes += chunk[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
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
  let command = try arguments.word("a command (--help lists them)")
  do {
    switch command {
    case "require": return try require(&arguments)
    case "list": return try list(&arguments)
    case "report": return try report(&arguments)
    case "check": return try check(&arguments)
    case "why": return try why(&arguments)
    case "whynot": return try whynot(&arguments)
    case "timeline": return try timeline(&arguments)
    case "replay": return try replay(&arguments)
    case "compare": return try compare(&arguments)
    case "trend": return try trend(&arguments)
    case "export": return try export(&arguments)
    case "extract": return try extract(&arguments)
    case "bundle": return try bundle(&arguments)
    case "recover": return try recover(&arguments)
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
