import Command
import Core
import Foundation
import Motor
import Runtime

let usage = """
  compassd run --environment NAME|DIR [--pid N | --process NAME] [--display :N] [--session-dir DIR] [--armed]
               [--duration S] [--phase 0-4] [--seed N] [--config FILE] [--live-view PORT] [--chat-log FILE]
               [--learned FILE | --no-learned] [--party NAME [--follow CHARACTER]]
                                drives a running program; without --armed it only observes. --live-view shows a page,
                                /metrics for Prometheus, /health/live and /health/ready on 127.0.0.1 (port 0: any that
                                is free). --learned says where experience is kept (otherwise beside the session's
                                directory); --chat-log names the file to which the client appends its chat. Daemons
                                of one --party tell each other where they are and what they fight: they leave each
                                other their targets and help; --follow stays with one of them and joins its fights
  compassd check-config --environment NAME|DIR
                                reads every file of an environment and reports all faults
  compassd doctor --environment NAME|DIR [--pid N] [--display :N]
                                checks rights, display, target and terrain, and says what to do
  compassd status [--json]      what the running daemons do
  compassd status --watch [--pid N] [--every S] [--for S]
                                the same in full, again and again: intent, plan, rules with their reasons, spawns
  compassd arm|disarm [--pid N] lets a running daemon press keys again, or no more; its keys go up at once. The key
                                Pause (keys.json: kill_switch) disarms too, whichever window has the focus
  compassd release-keys [--display :N] [--all]
                                releases the keys that a dead daemon left down; --all releases every key
  compassd explain rules|domain
                                prints the rule table, or what plans are made of
  compassd --help | --version

  Signals of a running daemon: TERM and INT end it, HUP reads --config anew (a faulty file changes nothing), USR1 keeps
  the last 300 ticks in a file of their own.

  Exit codes: 0, 64 usage, 66 unknown environment, 69 target or display unavailable, 73 cannot create, 75 locked by
  another daemon, 77 no permission to read the target, 78 faulty environment files.
  """

/// This program, for the guard that it starts.
let guardCommand = ["/proc/self/exe", KeyGuard.subcommand]

func run(_ arguments: inout Arguments) throws -> ExitCode {
  guard let environment = try arguments.value("--environment") else {
    throw CommandError(.usage, "--environment is missing")
  }
  var options = DaemonOptions(environment: environment, guardCommand: guardCommand)
  options.pid = try arguments.integer("--pid", in: 1...Int(Int32.max)).map { Int32($0) }
  options.processName = try arguments.value("--process")
  options.display = try arguments.value("--display")
  options.sessionDirectory = try arguments.value("--session-dir")
  options.configurationFile = try arguments.value("--config")
  options.liveViewPort = try arguments.integer("--live-view", in: 0...65_535).map { UInt16($0) }
  options.chatLog = try arguments.value("--chat-log")
  options.learnedFile = try arguments.value("--learned")
  options.keepsExperience = !arguments.flag("--no-learned")
  options.party = try arguments.value("--party")
  options.follows = try arguments.value("--follow")
  options.isArmed = arguments.flag("--armed")
  options.duration = try arguments.number("--duration", in: 0.1...1e9)
  options.phase = try arguments.integer("--phase", in: 0...4).map { UInt8($0) }
  if let seed = try arguments.integer("--seed", in: 0...Int.max) { options.seed = UInt64(seed) }
  try arguments.finish()
  if options.pid != nil, options.processName != nil {
    throw CommandError(.usage, "--pid and --process exclude each other")
  }
  if options.follows != nil, options.party == nil {
    throw CommandError(.usage, "--follow needs --party: whom it follows tells it there where he is")
  }
  if options.learnedFile != nil, !options.keepsExperience {
    throw CommandError(.usage, "--learned and --no-learned exclude each other")
  }
  return try Daemon(options).run()
}

func checkConfiguration(_ arguments: inout Arguments) throws -> ExitCode {
  guard let name = try arguments.value("--environment") else {
    throw CommandError(.usage, "--environment is missing")
  }
  try arguments.finish()
  let environment = try LoadedEnvironment(name)
  let lore = environment.lore
  emit(
    "\(environment.file.name): \(environment.layouts.count) layouts, \(lore.zones.count) zones, \(lore.spells.count) spells, "
      + "\(lore.items.count) items, \(lore.kits.count) kits, \(lore.camps.count) camps: no faults")
  return .success
}

func doctor(_ arguments: inout Arguments) throws -> ExitCode {
  guard let name = try arguments.value("--environment") else {
    throw CommandError(.usage, "--environment is missing")
  }
  let pid = try arguments.integer("--pid", in: 1...Int(Int32.max)).map { Int32($0) }
  let display = try arguments.value("--display") ?? ProcessInfo.processInfo.environment["DISPLAY"]
  try arguments.finish()
  let findings = Doctor.examine(environment: name, pid: pid, display: display, guardCommand: guardCommand)
  for finding in findings { emit("\(finding.isGood ? "good" : "FAIL")  \(finding.what): \(finding.detail)") }
  return findings.first { !$0.isGood }?.code ?? .success
}

func status(_ arguments: inout Arguments) throws -> ExitCode {
  let asJSON = arguments.flag("--json")
  if arguments.flag("--watch") {
    let pid = try arguments.integer("--pid", in: 1...Int(Int32.max)).map { Int32($0) }
    let every = try arguments.number("--every", in: 0.1...3600) ?? 0.5
    let seconds = try arguments.number("--for", in: 0...1e9)
    try arguments.finish()
    return try StatusWatch.run(pid: pid, every: every, seconds: seconds)
  }
  try arguments.finish()
  let daemons = DaemonStatus.running()
  if daemons.isEmpty { throw CommandError(.unavailable, "no compassd of this user runs") }
  for daemon in daemons { emit(asJSON ? daemon.json : try DaemonStatus(json: daemon.json).line) }
  return .success
}

/// `compassd arm` and `compassd disarm`.
func setArmed(_ isArmed: Bool, _ arguments: inout Arguments) throws -> ExitCode {
  let pid = try arguments.integer("--pid", in: 1...Int(Int32.max)).map { Int32($0) }
  try arguments.finish()
  let found = try DaemonStatus.find(pid: pid)
  guard kill(found, isArmed ? Signals.arm : Signals.disarm) == 0 else {
    throw CommandError(.noPermission, "compassd \(found) takes no order from this user")
  }
  emit("compassd \(found) is told to \(isArmed ? "arm" : "disarm")")
  return .success
}

func releaseKeys(_ arguments: inout Arguments) throws -> ExitCode {
  let display = try arguments.value("--display") ?? ProcessInfo.processInfo.environment["DISPLAY"]
  let everyKey = arguments.flag("--all")
  try arguments.finish()
  guard let display else {
    throw CommandError(.unavailable, "no display: name one with --display :N or set DISPLAY")
  }
  guard let count = LeftoverKeys.release(display: display, everyKey: everyKey) else {
    throw CommandError(.unavailable, "no X server with the XTest extension answers at display \"\(display)\"")
  }
  emit("\(count) keys released")
  return .success
}

runProgram("compassd") {
  var arguments = Arguments(CommandLine.arguments.dropFirst())
  if arguments.flag("--help") {
    emit(usage)
    return .success
  }
  if arguments.flag("--version") {
    emit("compassd \(Version.number)")
    return .success
  }
  switch arguments.word() {
  case "run": return try run(&arguments)
  case "check-config": return try checkConfiguration(&arguments)
  case "doctor": return try doctor(&arguments)
  case "status": return try status(&arguments)
  case "arm": return try setArmed(true, &arguments)
  case "disarm": return try setArmed(false, &arguments)
  case "release-keys": return try releaseKeys(&arguments)
  case "explain": return try explain(&arguments)
  case KeyGuard.subcommand:
    let (display, file) = (try arguments.word("a display"), try arguments.word("a file"))
    exit(KeyGuard.run(display: display, file: file))
  case KeyProbe.subcommand:
    let (display, keys) = (try arguments.word("a display"), try arguments.word("a key-binding file"))
    let (window, pid) = (try arguments.word("a window title"), try arguments.word("a process id"))
    return try KeyProbe.run(
      display: display, keys: keys, window: window, pid: Int32(pid) ?? 0, guardCommand: guardCommand)
  case let word?: throw CommandError(.usage, "unknown command \"\(word)\"; --help lists what there is")
  case nil: throw CommandError(.usage, "a command is missing; --help lists what there is")
  }
}
