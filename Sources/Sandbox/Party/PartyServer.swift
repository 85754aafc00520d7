import CLinux
import Core
import Glibc
import World

/// How a server is started.
public struct PartyOptions: Sendable {
  public var dataDirectory: String
  public var seed: UInt64 = 1
  /// Range: `1...8`.
  public var players = 2
  public var setup = PlayerSetup()
  /// 0 takes any that is free.
  public var port: UInt16 = 0
  /// World seconds per second.
  public var speed = 1.0
  public var keyLog: String?
  /// Seconds until it ends by itself.
  public var duration: Double?

  public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}

/// One world for several clients on this machine. It begins when all players have come; whoever goes, by will or not,
/// leaves his body standing and may come back.
public final class PartyServer {
  private let options: PartyOptions
  private let listener: Int32
  /// Where it listens.
  public let port: UInt16
  private var world: World
  private var guests: [Guest] = []
  private var hasCome: [Bool]
  private var inputs: [PlayerInput] = []
  private var countOf: [Int]
  /// Keys that a player holds, so that they come up when he goes.
  private var held: [[ClientKey]]
  /// Every step that had inputs, as it was told: for those who come later.
  private var history: [UInt8] = []

  private struct Guest {
    let socket: PartySocket
    var player: Int?
    let since: Int64
    var isGone = false
  }

  /// - Throws: `SandboxFailure`, `DataErrors` or `WorldSetupError`.
  public init(_ options: PartyOptions) throws {
    self.options = options
    let data = try WorldData.load(directory: options.dataDirectory)
    world = try World(data: data, seed: options.seed, players: data.group(of: options.players, options.setup))
    hasCome = Array(repeating: false, count: options.players)
    countOf = Array(repeating: 0, count: options.players)
    held = Array(repeating: [], count: options.players)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = PartySocket.loopback(port: options.port)
    var one: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    guard listener >= 0, PartySocket.withAddress(&address, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0
    else { throw SandboxFailure.server("cannot listen on port \(options.port): \(systemMessage(errno))") }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = PartySocket.withAddress(&address) { pointer, _ in getsockname(listener, pointer, &length) }
    port = UInt16(bigEndian: address.sin_port)
    _ = fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK)
    _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
  }

  deinit { close(listener) }

  /// Serves until a signal or the duration ends it.
  public func run() throws {
    Signals.install()
    linux_set_timer_slack(1)
    var log = try options.keyLog.map {
      try KeyLog(
        path: $0, seed: options.seed, setup: options.setup, players: options.players, worldHash: world.data.hash)
    }
    let period = Int64(1_000_000_000 / (Double(World.stepsPerSecond) * options.speed))
    let last = options.duration.map { linux_monotonic_nanoseconds() + Int64($0 * 1_000_000_000) } ?? .max
    var deadline: Int64?
    while true {
      var now = linux_monotonic_nanoseconds()
      if Signals.isTermination.load(ordering: .relaxed) || now >= last { return }
      wait(until: min(deadline ?? .max, now + 200_000_000), now)
      now = linux_monotonic_nanoseconds()
      receive(now)
      if deadline == nil, hasCome.allSatisfy({ $0 }) { deadline = now + period }
      guard let due = deadline, now >= due else { continue }
      world.step(inputs)
      log?.note(inputs, world)
      tell()
      // After a stop the world goes on where it was.
      deadline = now - due > 250_000_000 ? now + period : due + period
    }
  }

  private func wait(until time: Int64, _ now: Int64) {
    var polls = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    for guest in guests {
      let events = guest.socket.isSending ? POLLIN | POLLOUT : POLLIN
      polls.append(pollfd(fd: guest.socket.descriptor, events: Int16(events), revents: 0))
    }
    _ = linux_poll(&polls, UInt(polls.count), max(0, (time - now) / 1000))
  }

  private func receive(_ now: Int64) {
    while guests.count < options.players + 8 {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { break }
      guests.append(Guest(socket: PartySocket(descriptor, sizeMax: PartyMessage.clientSizeMax), since: now))
    }
    for index in guests.indices {
      var events: [PartySocket.Event] = []
      guests[index].socket.flush()
      guests[index].socket.receive { events.append($0) }
      for event in events where !guests[index].isGone { take(event, from: index) }
      if guests[index].player == nil, now - guests[index].since > 5_000_000_000 { guests[index].isGone = true }
    }
    for guest in guests where guest.isGone {
      if let player = guest.player { releaseKeys(of: player) }
    }
    guests.removeAll { $0.isGone }
  }

  private func take(_ event: PartySocket.Event, from index: Int) {
    switch (event, guests[index].player) {
    case (.message(.hello(let hash, let wanted)), nil):
      let taken = guests.compactMap(\.player)
      let free = (0..<options.players).first { !taken.contains($0) && (wanted ?? $0) == $0 }
      guard hash == world.data.hash, let player = free else {
        let reason: FixedText = hash == world.data.hash ? "that player is taken" : "the world's data differ"
        guests[index].socket.send(.refusal(reason))
        guests[index].isGone = true
        return
      }
      guests[index].player = player
      hasCome[player] = true
      let terms = PartyTerms(
        seed: options.seed, player: player, players: options.players, setup: options.setup, speed: options.speed)
      guests[index].socket.send(.welcome(terms))
      guests[index].socket.send(history)
      if world.stepIndex > 0 { guests[index].socket.send(.step(index: world.stepIndex, [])) }
    case (.message(.input(let microsecond, let event)), .some(let player)):
      guard countOf[player] < PartyMessage.inputsMax else {
        guests[index].isGone = true
        return
      }
      take(event, at: microsecond, player)
    default:
      guests[index].isGone = true
    }
  }

  private func take(_ event: PlayerInput.Event, at microsecond: Int, _ player: Int) {
    countOf[player] += 1
    let earliest = inputs.last { $0.player == player }?.microsecond ?? 0
    inputs.append(PlayerInput(player: player, microsecond: max(earliest, microsecond), event))
    if case .key(let key, let isDown) = event {
      held[player].removeAll { $0 == key }
      if isDown { held[player].append(key) }
    }
  }

  private func releaseKeys(of player: Int) {
    for key in held[player] {
      inputs.append(PlayerInput(player: player, microsecond: World.stepMicroseconds - 1, .key(key, isDown: false)))
    }
    held[player].removeAll()
  }

  /// Tells everybody the step that was done just now.
  private func tell() {
    let bytes = PartyMessage.step(index: world.stepIndex, inputs).bytes
    if !inputs.isEmpty { history += bytes }
    let hash =
      world.stepIndex % World.stepsPerSecond == 0 ? PartyMessage.hash(step: world.stepIndex, world.stateHash) : nil
    for guest in guests where guest.player != nil {
      guest.socket.send(bytes)
      if let hash { guest.socket.send(hash) }
    }
    inputs.removeAll(keepingCapacity: true)
    for player in countOf.indices { countOf[player] = 0 }
  }
}
