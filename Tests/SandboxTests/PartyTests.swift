import CSandboxMemory
import Core
import Foundation
import TestSupport
import Testing
import World

@testable import Sandbox

/// Several clients in the world of one server.
@Suite(.serialized) struct PartyTests {
  @Test func `messages come back as they went`() {
    let terms = PartyTerms(
      seed: .max, player: 3, players: 8, setup: PlayerSetup(kit: "mender", level: 50, zone: "marsh"), speed: 2.5)
    let messages: [PartyMessage] = [
      .hello(worldHash: 0xFEDC_BA98_7654_3210, player: nil), .hello(worldHash: 1, player: 7),
      .input(microsecond: 33_332, .key(.closeWindow, isDown: true)), .input(microsecond: 0, .text("/sell all")),
      .welcome(terms), .refusal("no"), .hash(step: 77, 5), .step(index: 9, []),
      .step(
        index: 4_000_000,
        [
          PlayerInput(player: 1, microsecond: 9, .key(.gem1, isDown: false)),
          PlayerInput(player: 0, microsecond: 40, .text("hello")),
        ]),
    ]
    for message in messages {
      let bytes = message.bytes
      #expect(bytes.count == 2 + Int(bytes[0]) + Int(bytes[1]) << 8)
      #expect(PartyMessage(body: bytes[2...]) == message, "\(message)")
      // Neither less nor more is the same message.
      #expect(PartyMessage(body: bytes[2..<bytes.count - 1]) != message)
      #expect(PartyMessage(body: (bytes + [0])[2...]) == nil, "\(message)")
    }
  }

  @Test func `rubbish is no message and no trap`() {
    var generator = SeededGenerator(seed: 91)
    var understood = 0
    for _ in 0..<20_000 {
      let count = generator.integer(0...40)
      var bytes = (0..<count).map { _ in UInt8(generator.integer(0...255)) }
      if count > 0 { bytes[0] = [1, 2, 16, 17, 18, 19, 255][generator.integer(0...6)] }
      guard let message = PartyMessage(body: bytes[...]) else { continue }
      understood += 1
      if case .step(_, let inputs) = message {
        #expect(inputs.allSatisfy { $0.player < 64 && $0.microsecond < World.stepMicroseconds }, "\(bytes)")
      }
    }
    #expect(understood < 10_000)
  }

  @Test func `two clients meet in one world; one is killed, the world goes on, and it comes back`() throws {
    guard let first = try VirtualDisplay(), let second = try VirtualDisplay() else { return }
    let folder = try Repository.temporaryDirectory("party")
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appending(path: "keys.jsonl").path
    let party = Process()
    let output = Pipe()
    party.executableURL = Repository.program("compass-sandbox")
    party.arguments = [
      "client", "--players", "2", "--display", "\(first.name),\(second.name)", "--zone", "meadow", "--seed", "4",
      "--key-log", log,
    ]
    party.currentDirectoryURL = Repository.root
    party.standardOutput = output
    try party.run()
    defer { if party.isRunning { kill(party.processIdentifier, SIGTERM) } }
    var text = ""
    while text.split(separator: "\n").count < 3 || !text.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      try #require(!data.isEmpty)
      text += String(decoding: data, as: UTF8.self)
    }
    let lines = try text.split(separator: "\n").map { try DataNode.parse(String($0), file: "party") }
    let port = try lines[0]["port"].integer()
    let server = Int32(try lines[0]["server"].integer())
    let pids = try lines[1...2].map { Int32(try $0["pid"].integer()) }

    let keyboards = try [first, second].map { try #require(Keyboard($0.name)) }
    for keyboard in keyboards {
      try #require(eventually(within: 60) { keyboard.focused(title: Client.windowTitle) != nil })
    }
    let players = try zip(pids, keyboards).map { try #require(try LivePlayer(pid: $0, keyboard: $1)) }

    // What one does, the other sees.
    func position(of name: String, by player: LivePlayer) -> (x: Float, y: Float)? {
      player.spawns()?.first { Sandboxed.name($0) == name }.map { ($0.x, $0.y) }
    }
    let start = try #require(players[0].own)
    #expect(Sandboxed.name(start) == "Adept")
    #expect(eventually { players[1].own.map { Sandboxed.name($0) } == "Adept2" })
    keyboards[0].press("w", isDown: true)
    #expect(eventually(within: 30) { (position(of: "Adept", by: players[1])?.y ?? start.y) > start.y + 20 })
    keyboards[0].press("w", isDown: false)
    let hasStopped = eventually(within: 30) {
      guard let own = players[0].own, let seen = position(of: "Adept", by: players[1]) else { return false }
      return own.velocity_y == 0 && own.x == seen.x && own.y == seen.y
    }
    #expect(hasStopped)

    // The second runs, and is killed: it stops, the first goes on playing.
    let before = try #require(players[1].own)
    keyboards[1].press("w", isDown: true)
    #expect(eventually(within: 30) { (players[1].own?.y ?? before.y) > before.y + 10 })
    kill(pids[1], SIGKILL)
    keyboards[1].press("w", isDown: false)
    var last: Float = -1
    let isAtRest = eventually(within: 30) {
      usleep(200_000)
      guard let seen = position(of: "Adept2", by: players[0]) else { return false }
      defer { last = seen.y }
      return seen.y == last
    }
    #expect(isAtRest)
    #expect(kill(server, 0) == 0)
    let moved = try #require(players[0].own)
    keyboards[0].press("d", isDown: true)
    #expect(eventually(within: 30) { (players[0].own?.heading ?? moved.heading) > moved.heading + 5 })
    keyboards[0].press("d", isDown: false)

    // It comes back where it stood, having been told all that happened; a third finds no place.
    let again = try RunningClient(["--display", second.name, "--server", "\(port)", "--player", "1"])
    try #require(eventually(within: 60) { keyboards[1].focused(title: Client.windowTitle) != nil })
    let returned = try #require(try LivePlayer(pid: again.pid, keyboard: keyboards[1]))
    let isWhereItStood = eventually(within: 30) {
      guard let own = returned.own, let seen = position(of: "Adept2", by: players[0]) else { return false }
      return own.y > before.y + 5 && own.y == seen.y
    }
    #expect(isWhereItStood)
    let third = try RunningClient(["--display", second.name, "--server", "\(port)"])
    #expect(third.exitCode() == 69)
    #expect(third.complaint.contains("that player is taken"))

    kill(again.pid, SIGTERM)
    #expect(again.exitCode() == 0)
    kill(party.processIdentifier, SIGTERM)
    #expect(eventually(within: 20) { !party.isRunning })
    #expect(eventually(within: 20) { kill(server, 0) != 0 })
    let replay = try KeyLogReplay(try String(contentsOfFile: log, encoding: .utf8), file: log)
    #expect(replay.players == 2)
    #expect(Set(replay.inputs.map(\.input.player)) == [0, 1])
    #expect(replay.hashes.count > 30)
    #expect(try replay.firstDifference(try WorldData.load(directory: "Data/worlds/sandbox")) == nil)
  }

  @Test func `what a party cannot be is refused with a reason`() throws {
    let cases: [([String], Int32, String)] = [
      (["--players", "2"], 64, "needs --display"),
      (["--players", "2", "--display", ":1"], 64, "2 different displays"),
      (["--players", "2", "--display", ":1,:1"], 64, "2 different displays"),
      (["--players", "9"], 64, "from 1 to 8"),
      (["--server", "1"], 69, "no server answers"),
    ]
    for (arguments, code, reason) in cases {
      let client = try RunningClient(arguments)
      #expect(client.exitCode() == code, "\(arguments)")
      #expect(client.complaint.contains(reason), "\(arguments)")
    }
  }
}

private enum Sandboxed {
  static func name(_ spawn: sandbox1_spawn) -> String { text(spawn.name) }
}
