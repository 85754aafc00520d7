import Agent
import Command
import Core
import Foundation
import LiveView
import Motor
import Nav
import Perception
import Telemetry

extension DaemonWorker {
  /// What a worker is made of.
  struct Parts {
    var display: String?
    var agent: Agent
    var writer: SessionWriter
    var zones: ZoneLoader
    var experience: Experience?
    var chatLog: ChatLogFile?
    var party: PartyBoard?
    var view: LiveServer?
    var feed: LiveFeed
    var attachment: Attachment
    var lock: TargetLock
    var motor: LiveMotor?
  }

  /// Attaches and opens everything that can be refused, so that refusals come before the first tick.
  convenience init(_ daemon: Daemon) throws {
    let (options, environment) = (daemon.options, daemon.environment)
    let display = options.display ?? ProcessInfo.processInfo.environment["DISPLAY"]
    if options.isArmed, display == nil {
      throw CommandError(.unavailable, "no display: name one with --display :N or set DISPLAY; keys need an X server")
    }
    let configuration = try Self.configuration(options, environment)
    let pid = try Attachment.find(options, environment)
    let attachment = try Attachment.patient(pid: pid, environment: environment)
    let lock = try TargetLock(pid: pid, startTime: attachment.memory.startTime)
    let directory = options.sessionDirectory ?? Self.defaultSessionDirectory()
    let experience =
      options.keepsExperience
      ? Experience(path: options.learnedFile ?? Self.learnedFile(beside: directory, environment)) : nil
    let start = try experience?.load()
    let motor = try Self.motor(options, environment, display: display, pid: pid)
    let agent = Agent(
      configuration: configuration, lore: environment.lore, seed: options.seed, learned: start?.state)
    let header = SessionHeader(
      mode: .live, version: Version.number, build: BuildIdentity.own, environment: options.environment,
      layout: attachment.layout, seed: options.seed, phase: configuration.phase, configuration: configuration.text,
      dataHashes: [.init("lore", environment.lore.hash)], learned: start?.image ?? [], notes: ["process \(pid)"])
    let writer: SessionWriter
    do {
      writer = try SessionWriter(directory: directory, header: header)
    } catch {
      throw CommandError(.cannotCreate, error.description)
    }
    let party = try options.party.map { try PartyBoard(party: $0) }
    let feed = LiveFeed()
    let view = try Self.view(options, environment, feed.mailbox, session: directory)
    let zones = ZoneLoader(environment: environment.file, lore: environment.lore) { zone, terrain in
      // Only a page draws it.
      if let view, view.port != nil { view.show(LiveMap(terrain), zone: zone) }
    }
    let chatPath = options.chatLog ?? environment.file.chatLog?.path
    self.init(
      daemon,
      Parts(
        display: display, agent: agent, writer: writer, zones: zones, experience: experience,
        chatLog: chatPath.map { ChatLogFile(path: $0) }, party: party, view: view, feed: feed, attachment: attachment,
        lock: lock,
        motor: motor))
    say("compassd: attached to process \(pid) with layout \(attachment.layout); session \(directory)")
    if let motor {
      let key = environment.bindings.killSwitchName
      say(
        motor.hasKillSwitch
          ? "compassd: armed; the key \(key) lets every key go and disarms"
          : "compassd: armed, without a kill switch: the keyboard has no key \(key)")
    }
    if let port = view?.port { say("compassd: live view at http://127.0.0.1:\(port)/") }
    publish(pid: pid, session: directory)
  }

  /// The environment's body, over it what `--config` says, over that `--phase`.
  static func configuration(_ options: DaemonOptions, _ environment: LoadedEnvironment) throws -> AgentConfiguration {
    var configuration = AgentConfiguration(body: environment.body)
    if let path = options.configurationFile {
      guard let bytes = ProcessFile.bytes(path) else { throw CommandError(.noInput, "\(path) cannot be read") }
      do {
        configuration = try AgentConfiguration(
          text: String(decoding: bytes, as: UTF8.self), file: path, over: configuration)
      } catch {
        throw CommandError(.badConfiguration, error.description)
      }
      guard configuration.brain.mutation == .none else {
        throw CommandError(
          .badConfiguration, "\(path): \"weakened\" breaks the safety envelope on purpose; only compass-sim does that"
        )
      }
    }
    if let phase = options.phase { configuration.brain.phase = phase }
    if let follows = options.follows { configuration.brain.follows = FixedName(follows) }
    return configuration
  }

  static func motor(
    _ options: DaemonOptions, _ environment: LoadedEnvironment, display: String?, pid: Int32
  ) throws -> LiveMotor? {
    guard options.isArmed, let display else { return nil }
    do {
      return try LiveMotor(
        LiveMotor.Configuration(
          display: display, bindings: environment.bindings, window: environment.file.window, pid: pid,
          guardCommand: options.guardCommand))
    } catch {
      if case .noRuntimeDirectory = error { throw CommandError(.cannotCreate, error.description) }
      throw CommandError(.unavailable, error.description)
    }
  }

  /// The socket that `compassd status --watch` asks, and the page's port where one is wanted. Without the socket the
  /// agent does its work all the same; a port that was asked for must be had.
  private static func view(
    _ options: DaemonOptions, _ environment: LoadedEnvironment, _ mailbox: LiveMailbox, session: String
  ) throws -> LiveServer? {
    let names = LiveNames(environment, version: Version.number, process: getpid())
    let absolute = URL(filePath: session).standardizedFileURL.path
    var wanted = LiveServer.Options(
      socketPath: DaemonStatus.socketPath(pid: getpid()), port: options.liveViewPort,
      tokenPath: options.liveViewPort == nil ? nil : DaemonStatus.tokenPath(pid: getpid()), names: names,
      session: absolute)
    do {
      do {
        return try LiveServer(mailbox: mailbox, options: wanted)
      } catch  where options.liveViewPort == nil {
        say("compassd: \(error); \"compassd status --watch\" will not work")
        return nil
      } catch .nameTooLong(let path) {
        say("compassd: \(LiveServerError.nameTooLong(path)); \"compassd status --watch\" will not work")
        wanted.socketPath = nil
        return try LiveServer(mailbox: mailbox, options: wanted)
      }
    } catch {
      throw CommandError(.unavailable, "\(error)")
    }
  }

  private static func learnedFile(beside session: String, _ environment: LoadedEnvironment) -> String {
    URL(filePath: session).deletingLastPathComponent()
      .appending(path: "learned-\(environment.file.name.filter { $0.isLetter || $0.isNumber || $0 == "-" }).sqlite")
      .path
  }

  /// A new directory under `sessions/`; what a crash left there is recovered, what is old goes.
  private static func defaultSessionDirectory() -> String {
    let store = SessionStore(root: "sessions")
    for (directory, outcome) in store.recoverAll() { say("compassd: \(directory): \(outcome)") }
    store.sweep()
    return store.newDirectory()
  }

  func publish(pid: Int32?, session: String? = nil) {
    let (motor, environment, port) = (motor, environment.file.name, view?.port)
    daemon.shared.withLock {
      $0.motor = motor
      $0.target = pid
      $0.status.environment = environment
      $0.status.pid = getpid()
      $0.status.target = pid
      $0.status.view = port.map { "http://127.0.0.1:\($0)/" }
      if pid == nil { $0.status.state = .waiting }
      if let session { $0.status.session = session }
    }
  }
}
