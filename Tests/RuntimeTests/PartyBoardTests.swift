import Agent
import Command
import Core
import Foundation
import Glibc
import SessionAnalysis
import Synchronization
import TestSupport
import Testing

@testable import Runtime

/// The board of a party: between boards, and between two daemons that play in one world.
@Suite(.serialized) struct PartyBoardTests {
  static func note(_ id: UInt32, _ z: Double = 0) -> PeerNote {
    PeerNote(
      id: EntityID(id), name: "Ada", zone: ZoneID(2), position: Position(1, 2, z), pet: EntityID(id + 1),
      target: EntityID(UInt32(z)), claim: .pulling, needsHelp: z > 5)
  }

  @Test func `each reads what the others wrote of late, and nothing of those who are gone`() throws {
    let party = "test-\(getpid())"
    let first = try PartyBoard(party: party)
    var second: PartyBoard? = try PartyBoard(party: party)
    let stranger = try PartyBoard(party: party + "x")
    #expect(first.line != second?.line)
    first.put(Self.note(7, 3), now: 1_000)
    second?.put(Self.note(9, 8), now: 2_000)
    #expect(first.others(now: 3_000) == [Self.note(9, 8)])
    #expect(second?.others(now: 3_000) == [Self.note(7, 3)])
    #expect(stranger.others(now: 3_000).isEmpty)
    // Old, and from the future: a clock that began anew.
    #expect(first.others(now: 2_001 + PartyBoard.freshNanoseconds).isEmpty)
    #expect(first.others(now: 1_999).isEmpty)
    second?.put(nil, now: 4_000)
    #expect(first.others(now: 4_000).isEmpty)
    second?.put(Self.note(9), now: 5_000)
    let line = second?.line
    second = nil
    #expect(first.others(now: 5_000).isEmpty)
    // Its line is free for the next one.
    #expect(try PartyBoard(party: party).line == line)
    for name in ["", "a b", "../x", String(repeating: "a", count: 33)] {
      #expect(throws: CommandError.self) { try PartyBoard(party: name) }
    }
    var all = [first]
    while all.count < PartyBoard.members { all.append(try PartyBoard(party: party)) }
    #expect(throws: CommandError.self) { try PartyBoard(party: party) }
  }

  private final class Flag: Sendable {
    let isOver = Atomic(false)
  }

  @Test func `a note is read whole or not at all, however often it is written meanwhile`() throws {
    let party = "race-\(getpid())"
    nonisolated(unsafe) let writer = try PartyBoard(party: party)
    let reader = try PartyBoard(party: party)
    let flag = Flag()
    let thread = Thread {
      var z = 0.0
      while !flag.isOver.load(ordering: .relaxed) {
        writer.put(Self.note(UInt32(z), z), now: 1)
        z = z < 900 ? z + 1 : 0
      }
    }
    thread.start()
    var read = 0
    for _ in 0..<100_000 {
      guard let note = reader.others(now: 2).first else { continue }
      read += 1
      let z = note.position.z
      if note != Self.note(UInt32(z), z) {
        Issue.record("a mixture: \(note)")
        break
      }
    }
    flag.isOver.store(true, ordering: .relaxed)
    while !thread.isFinished { sched_yield() }
    #expect(read > 1000)
  }

  @Test(.enabled(if: LiveStage.hasTerrain, "needs terrain files: Tools/test builds them"))
  func `two daemons in one world tell each other of themselves; one that is killed is forgotten`() throws {
    let stage = try LiveStage()
    let other = try XvfbServer()
    let clients = try Child(
      Repository.program("compass-sandbox"),
      [
        "client", "--players", "2", "--display", "\(stage.server.display),\(other.display)", "--zone", "meadow",
        "--seed", "4",
      ], variables: stage.variables, log: stage.folder.appending(path: "clients.log"))
    defer { clients.signal(SIGTERM) }
    func pids() -> [Int] {
      clients.text.split(separator: "\n").compactMap { line in
        guard line.contains("\"pid\""), let node = try? DataNode.parse(String(line), file: "client") else {
          return nil
        }
        return try? node["pid"].integer()
      }
    }
    try #require(eventually(within: 60) { pids().count == 2 }, "\(clients.text)")
    let party = "live-\(getpid())"
    let folders = (1...2).map { stage.folder.appending(path: "party-\($0)") }
    func daemon(_ number: Int, _ display: String) throws -> Child {
      try Child(
        Repository.program("compassd"),
        [
          "run", "--environment", "sandbox", "--pid", "\(pids()[number])", "--display", display, "--session-dir",
          folders[number].path, "--armed", "--party", party, "--no-learned",
        ], variables: stage.variables, log: stage.folder.appending(path: "party-\(number).log"))
    }
    let first = try daemon(0, stage.server.display)
    let second = try daemon(1, other.display)
    func status(_ daemon: Child) -> DataNode? {
      let lines = stage.status.split(separator: "\n").compactMap { try? DataNode.parse(String($0), file: "status") }
      return lines.first { (try? $0["pid"].integer()) == Int(daemon.pid) }
    }
    func ticks(_ daemon: Child) -> Int { status(daemon).flatMap { try? $0["tick"].integer() } ?? 0 }
    func hunts(_ daemon: Child) -> Bool {
      let routine = status(daemon).flatMap { try? $0["routine"].string() } ?? ""
      return ["acquire", "pull", "combat"].contains(routine)
    }
    let havePlayed = eventually(within: 150) {
      ticks(first) > 150 && ticks(second) > 150 && (hunts(first) || hunts(second))
    }
    try #require(havePlayed, "\(first.text)\n\(second.text)")
    second.signal(SIGKILL)
    let killed = ticks(first)
    try #require(eventually(within: 60) { ticks(first) > killed + 60 }, "\(first.text)")
    first.signal(SIGTERM)
    #expect(first.status(within: 10) == 0, "\(first.text)")

    var claims: Set<PeerNote.Claim> = []
    for (folder, name, isKilled) in [(folders[0], "Adept2", true), (folders[1], "Adept", false)] {
      var met = 0
      var last = 0
      var count = 0
      try Replay.visitInputs(folder.path) { input in
        count += 1
        guard let peer = input.peers.first else { return true }
        met += 1
        last = count
        claims.insert(peer.claim)
        if peer.name.description != name || input.peers.count > 1 {
          Issue.record("\(folder.lastPathComponent): \(input.peers)")
          return false
        }
        return true
      }
      #expect(met > 100, "\(folder.lastPathComponent): \(met) of \(count) ticks with a note")
      if isKilled { #expect(count - last > 30, "the one that is gone is remembered: \(last) of \(count)") }
      // What was heard is part of the record, so that it replays.
      let replay = try run(
        Repository.program("compass-sessions"), ["replay", folder.path], environment: stage.variables)
      #expect(replay.status == 0, "\(replay.output)")
    }
    #expect(claims.count > 1, "nobody tells of a target: \(claims)")
  }
}
