import Core
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import SessionAnalysis

/// Sessions of the real agent in the real world, recorded by the simulator.
@Suite struct SimulatedSessionTests {
  /// Records `seeds` of `minutes` each; nil, with a message, where the zones' terrain was not built.
  private func record(
    _ seeds: String, minutes: Double, _ more: [String] = [], status: Int32 = 0, in folder: URL
  ) throws -> [String]? {
    let terrain = Repository.root.appending(path: "Data/environments/sandbox/terrain").path
    guard (try? FileManager.default.contentsOfDirectory(atPath: terrain))?.isEmpty == false else {
      print("skipped: no terrain (compass-sandbox assets, then compass-terrain rebuild; Tools/test does both)")
      return nil
    }
    let root = folder.appending(path: "sessions").path
    let arguments = ["run", "--seeds", seeds, "--minutes", String(minutes), "--record", root, "--jobs", "2"] + more
    let finished = try run(Repository.program("compass-sim"), arguments, directory: Repository.root)
    #expect(finished.status == status, "\(finished.errors)")
    return SessionList.find(root)
  }

  @Test func `recorded sessions replay without a difference, and every tick answers for every rule`() throws {
    let folder = try Repository.temporaryDirectory("simulated")
    defer { try? FileManager.default.removeItem(at: folder) }
    let isLong = Repository.runsLongTests
    let (seeds, minutes) = isLong ? ("0..<32", 10.0) : ("3..<5", 1.5)
    guard let sessions = try record(seeds, minutes: minutes, in: folder) else { return }
    #expect(sessions.count == (isLong ? 32 : 2))
    for session in sessions {
      let outcome = try Replay.run(session)
      #expect(outcome.isEqual && outcome.lost == 0 && outcome.ticks == Int(minutes * 600), "\(session)")
      #expect(outcome.remarks == [])
      // The report counts as the world does, corpses from which something was taken.
      let digest = try readSession(session)
      #expect(digest.info.figures.first { $0.name == "loots" }?.value == Double(digest.loots), "\(session)")
    }
    guard let session = sessions.first else { return }
    try checkTargets(session)
    // Another build is compared with all the same, and it is said.
    let header = URL(filePath: "\(session)/\(SessionFileName.header)")
    let text = try String(contentsOf: header, encoding: .utf8)
    let build = try SessionInfo.read(session).build
    #expect(!build.isEmpty)
    try text.replacing("\"build\":\"\(build)\"", with: "\"build\":\"older\"")
      .write(to: header, atomically: true, encoding: .utf8)
    let other = try Replay.run(session)
    #expect(other.isEqual && other.remarks.contains { $0.contains("another build of compass-sim (older then") })
    for rule in RuleID.allCases {
      let answer = try WhyNot(rule: rule.name, ticks: 0...Int.max, of: session)
      #expect(answer.counts.reduce(0) { $0 + $1.ticks } == Int(minutes * 600))
      #expect(!answer.counts.contains { $0.answer == .notWeighed }, "\(rule): \(answer.text())")
    }
    let record = "\(session)/\(SessionFileName.record)"
    let all = try WhyNot(rule: "rest", ticks: 0...Int.max, of: session)
    try FileManager.default.removeItem(atPath: record)
    let fromLog = try WhyNot(rule: "rest", ticks: 0...Int.max, of: session)
    #expect(fromLog.counts.reduce(0) { $0 + $1.ticks } == all.counts.reduce(0) { $0 + $1.ticks })
    #expect(fromLog.counts.first { $0.answer == .chosen }?.ticks == all.counts.first { $0.answer == .chosen }?.ticks)
  }

  /// Every candidate of every tick answers for its score, and a reader is told.
  private func checkTargets(_ session: String) throws {
    var outcome = Replay.Outcome()
    var sought: Int?
    try Replay.walk(session, outcome: &outcome) { frame, _, agent in
      let (targets, recorded) = (agent.targetBreakdown, frame.receipt.candidates)
      for candidate in recorded {
        let target = targets.first { $0.candidate == candidate }
        #expect(target?.parts.count == 15, "tick \(frame.tick.slot), \(candidate.text)")
        guard let target, candidate.reject == .none else { continue }
        #expect(abs(max(0, target.sum) - candidate.score) < 1e-9, "tick \(frame.tick.slot), \(candidate.text)")
      }
      if targets.contains(where: \.isChosen), targets.count > 1 { sought = frame.tick.slot }
      return true
    }
    let why = try WhyTarget(tick: try #require(sought), of: session)
    let lines = Why.text(why.frame, why).split(separator: "\n")
    #expect(!why.differs && lines.contains { $0.contains("lootValue ") && $0.contains("paretoSafety ") })
    #expect(lines.contains { $0.hasPrefix("plan     for ") } == (why.plan != nil))
    for target in why.targets {
      let text = why.text(of: target.candidate.id)
      #expect(text.contains(target.isChosen ? "it is the one that was chosen" : "chosen was"), "\(text)")
      #expect(text.contains("paretoAccessibility"))
    }
    #expect(why.text(of: EntityID(.max)).contains("not among those that were weighed"))
  }

  @Test func `the page of a life in trouble tells its incidents, and a click on one goes there`() throws {
    let folder = try Repository.temporaryDirectory("trouble")
    defer { try? FileManager.default.removeItem(at: folder) }
    // Young among bandits, with a brain that was kept from defending itself; the run says that it was.
    let trouble = ["--benchmark", "bandits-7", "--level", "5", "--weaken", "combatScoreZero"]
    guard let sessions = try record("10..<12", minutes: 5, trouble, status: 70, in: folder),
      let browser = try Chromium.launch()
    else { return }
    let reports = try sessions.map { SessionReport(try readSession($0)) }
    let report = try #require(reports.max { $0.incidents.count < $1.incidents.count })
    let first = try #require(report.incidents.first, "nothing happened to either")
    let url = folder.appending(path: "report.html")
    try report.html(grounds: ReportGround.all(of: report.session)).write(to: url, atomically: true, encoding: .utf8)
    // An address may name the tick that it wants to be read at.
    let place = try browser.open(try #require(URL(string: "\(url.absoluteString)#\(first.tick)")))
    #expect(try place.value("document.getElementById('moment').textContent").contains("tick \(first.tick)"))
    let page = try browser.open(url)
    #expect(try page.value("document.querySelectorAll('.story').length") == "\(report.incidents.count)")
    for (index, incident) in report.incidents.enumerated() {
      try page.click("#incidents .story:nth-child(\(index + 1))")
      let moment = try page.value("document.getElementById('moment').textContent")
      #expect(moment.contains("tick \(incident.tick)") || moment.contains("tick \(incident.tick + 1)"), "\(moment)")
      #expect(try page.value("document.querySelector('#events tr.now').textContent.length > 0") == "true")
    }
    for canvas in ["timeline", "map", "cycles", "progress"] { #expect(try page.colours(ofCanvas: canvas) > 3) }
    #expect(page.errors + place.errors == [])
  }

  @Test func `one threshold changed shows the first other decision and why`() throws {
    let folder = try Repository.temporaryDirectory("whatif")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let session = try record("3..<4", minutes: 1.5, in: folder)?.first else { return }
    // A copy of the environment, without its terrain, in which every kit wants nearly full mana before it hunts.
    let other = folder.appending(path: "other")
    let own = Repository.root.appending(path: "Data/environments/sandbox")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: own.path)
    where !["terrain", "assets"].contains(name) {
      try FileManager.default.copyItem(at: own.appending(path: name), to: other.appending(path: name))
    }
    let layouts = Repository.root.appending(path: "Data/layouts")
    try? FileManager.default.copyItem(at: layouts, to: folder.appending(path: "layouts"))
    let kit = other.appending(path: "kits/gravecaller.json")
    let text = try String(contentsOf: kit, encoding: .utf8)
    #expect(text.contains("\"rest_mana\": 0.40"))
    let changed = text.replacing("\"rest_mana\": 0.40", with: "\"rest_mana\": 0.99")
      .replacing("\"rested_mana\": 0.80", with: "\"rested_mana\": 1")
    try changed.write(to: kit, atomically: true, encoding: .utf8)

    #expect(try Replay.run(session, data: own.path).isEqual)
    let outcome = try Replay.run(session, data: other.path)
    #expect(!outcome.isEqual && outcome.remarks.contains { $0.contains("lore has changed") })
    let first = try #require(outcome.divergences.first)
    #expect(first.replayed.decision.rule == .rest || first.replayed.verdicts != first.recorded.verdicts)
    let told = outcome.text(isWhatIf: true)
    for part in ["against 0.99", "the first other decision is at tick \(first.tick)", "rest yes, score"] {
      #expect(told.contains(part), "\(part) in \(told)")
    }
  }

  @Test func `an anonymous bundle names no player and still replays`() throws {
    let folder = try Repository.temporaryDirectory("anonymous")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let session = try record("5..<6", minutes: 1, in: folder)?.first else { return }
    let plain = folder.appending(path: "plain.tar.zst").path
    let archive = folder.appending(path: "b.tar.zst").path
    #expect(try SessionBundle.write(session, to: plain, isAnonymous: false).replay == nil)
    let bundle = try SessionBundle.write(session, to: archive, isAnonymous: true)
    #expect(bundle.replay == "the bundle replays: 600 ticks, 0 different")
    #expect(bundle.names.contains("session.record") && bundle.names.contains("session.log"))
    // What was packed replays where it is unpacked, and tells the same story.
    let zstd = URL(filePath: "/usr/bin/zstd")
    guard FileManager.default.isExecutableFile(atPath: zstd.path) else { return }
    let tar = URL(filePath: "/usr/bin/tar")
    let there = folder.appending(path: "there")
    try FileManager.default.createDirectory(at: there, withIntermediateDirectories: true)
    #expect(try run(tar, ["--zstd", "-xf", archive, "-C", there.path]).status == 0)
    #expect(try Replay.run(there.path).isEqual)
    #expect(SessionReport(try readSession(there.path)).figures.count > 10)
    let name = try playerName(session)
    #expect(name.count > 2)
    for file in bundle.names {
      let bytes = try Data(contentsOf: there.appending(path: file))
      #expect(bytes.range(of: Data(name.utf8)) == nil, "\(name) in \(file)")
    }
    #expect(try playerName(there.path).hasPrefix("Somebody"))
  }

  /// The name of the agent's own body, as the record has it.
  private func playerName(_ directory: String) throws -> String {
    var found = ""
    try Replay.visitInputs(directory) { input in
      found = input.state.player.name.description
      return found.isEmpty
    }
    return found
  }
}
