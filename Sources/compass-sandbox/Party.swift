import CLinux
import Command
import Core
import Glibc
import Sandbox
import World

func serveParty(_ arguments: inout Arguments) throws -> ExitCode {
  var options = PartyOptions(dataDirectory: try DataRoot.find() + "/worlds/sandbox")
  options.players = try arguments.integer("--players", in: 1...8) ?? options.players
  options.port = UInt16(try arguments.integer("--port", in: 0...65_535) ?? 0)
  options.seed = UInt64(try arguments.integer("--seed", in: 0...Int.max) ?? 1)
  options.setup.zone = try arguments.value("--zone")
  options.setup.kit = try arguments.value("--class")
  options.setup.level = try arguments.integer("--level", in: 1...50) ?? options.setup.level
  options.speed = try arguments.number("--speed", in: 0.05...50) ?? 1
  options.keyLog = try arguments.value("--key-log")
  options.duration = try arguments.number("--duration", in: 0...1e6)
  if arguments.flag("--with-parent") { endWithParent() }
  try arguments.finish()
  do {
    let server = try PartyServer(options)
    emit("{\"port\":\(server.port)}")
    try server.run()
  } catch let error as WorldSetupError {
    throw CommandError(.usage, error.description)
  }
  return .success
}

/// Ends politely when the process that started this one ends.
func endWithParent() {
  _ = linux_set_parent_death_signal(SIGTERM)
}

/// A server and `count` clients, each a process of its own; ends when the last client has ended.
func playParty(_ count: Int, _ arguments: inout Arguments) throws -> ExitCode {
  guard let list = try arguments.value("--display") else {
    throw CommandError(.usage, "--players \(count) needs --display with \(count) displays, such as :1,:2")
  }
  let displays = list.split(separator: ",").map(String.init)
  guard displays.count == count, Set(displays).count == count else {
    throw CommandError(.usage, "--players \(count) needs \(count) different displays, not \"\(list)\"")
  }
  var server = ["server", "--players", "\(count)", "--with-parent"]
  for name in ["--seed", "--zone", "--class", "--level", "--speed", "--key-log"] {
    if let value = try arguments.value(name) { server += [name, value] }
  }
  var common: [String] = []
  for name in ["--memory-layout", "--misbehave", "--duration"] {
    if let value = try arguments.value(name) { common += [name, value] }
  }
  let chatLog = try arguments.value("--chat-log")
  let screenshot = try arguments.value("--screenshot")
  try arguments.finish()

  PartyChildren.install()
  let (pid, line) = try PartyChildren.start(server, readsLine: true)
  defer { PartyChildren.endAll() }
  guard let line, let answer = try? DataNode.parse(line, file: "server"), let port = try? answer["port"].integer()
  else { throw CommandError(.unavailable, "the server did not start") }
  emit("{\"server\":\(pid),\"port\":\(port)}")
  var clients: [pid_t] = []
  for player in 0..<count {
    var words = ["client", "--with-parent", "--server", "\(port)", "--player", "\(player)"] + common
    words += ["--display", displays[player]]
    if let chatLog { words += ["--chat-log", numbered(chatLog, player)] }
    if let screenshot { words += ["--screenshot", numbered(screenshot, player)] }
    let (client, _) = try PartyChildren.start(words, readsLine: false)
    clients.append(client)
    emit("{\"player\":\(player),\"pid\":\(client),\"display\":\"\(displays[player])\"}")
  }
  var worst: Int32 = 0
  while !clients.isEmpty {
    var status: Int32 = 0
    let ended = waitpid(-1, &status, 0)
    if ended == pid {
      if PartyChildren.isEnding { continue }
      PartyChildren.endAll()
      throw CommandError(.unavailable, "the server ended")
    }
    guard ended > 0 else {
      if errno == EINTR { continue }
      break
    }
    clients.removeAll { $0 == ended }
    if status & 0x7F == 0 { worst = max(worst, status >> 8 & 0xFF) }
  }
  return ExitCode(rawValue: worst) ?? .internalFault
}

/// "shot.png" for player 1 is "shot-1.png".
private func numbered(_ path: String, _ player: Int) -> String {
  guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "\(path)-\(player)" }
  return "\(path[..<dot])-\(player)\(path[dot...])"
}

/// The processes that this one has started; politely ended together.
private enum PartyChildren {
  /// Written before any handler reads it, by one thread.
  nonisolated(unsafe) private static var pids: [pid_t] = []

  /// An end that is asked of this process is passed on to all.
  static func install() {
    for number in [SIGTERM, SIGINT] { signal(number) { _ in PartyChildren.endAll() } }
    // Whoever started this program may have had them blocked.
    var asked = sigset_t()
    sigemptyset(&asked)
    for number in [SIGTERM, SIGINT] { sigaddset(&asked, number) }
    pthread_sigmask(SIG_UNBLOCK, &asked, nil)
  }

  /// The end has been asked for.
  nonisolated(unsafe) private(set) static var isEnding = false

  static func endAll() {
    isEnding = true
    for pid in pids { kill(pid, SIGTERM) }
  }

  /// Starts this same program with other arguments.
  static func start(_ arguments: [String], readsLine: Bool) throws -> (pid: pid_t, line: String?) {
    var pipes: [Int32] = [-1, -1]
    if readsLine {
      guard pipe(&pipes) == 0 else {
        throw CommandError(.internalFault, "no pipe: \(String(cString: strerror(errno)))")
      }
      for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if readsLine { posix_spawn_file_actions_adddup2(&actions, pipes[1], 1) }
    var words: [UnsafeMutablePointer<CChar>?] = (["compass-sandbox"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/proc/self/exe", &actions, nil, &words, environ)
    guard code == 0 else {
      throw CommandError(.internalFault, "cannot start a process: \(String(cString: strerror(code)))")
    }
    pids.append(pid)
    guard readsLine else { return (pid, nil) }
    close(pipes[1])
    defer { close(pipes[0]) }
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < 200, read(pipes[0], &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
    return (pid, String(decoding: bytes, as: UTF8.self))
  }
}
