import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

@Suite struct ReportTests {
  @Test func `a session's report counts what happened in it`() throws {
    let folder = try Repository.temporaryDirectory("report")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    try SyntheticSession().write(to: directory)
    let report = SessionReport(try readSession(directory))
    let session = report.session
    #expect(session.ticks == 6000 && session.defeats == 10 && session.deaths == 1)
    #expect(session.loots == 10 && session.rests == 10 && session.missingTicks == 0)
    #expect(session.success("pull.result")?.ok == 10)
    #expect(report.timeByRoutine.first?.name == "combat")
    #expect(abs((report.timeByRoutine.first?.part ?? 0) - 250.0 / 600) < 0.001)
    let text = report.text
    for part in ["defeats 10", "deaths 1", "pulls 10/10", "time     combat 41.7 %"] { #expect(text.contains(part)) }
    #expect(text.split(separator: "\n").count <= 44)
    let root = try DataNode.parse(report.json, file: "report")
    #expect(try root["figures"]["defeats"].integer() == 10)
    #expect(try root["checks"].array().count == SessionChecks.all.count)
  }

  @Test func `a report tells rounds, incidents as chains of causes, phases, and marks in seven dimensions`() throws {
    let folder = try Repository.temporaryDirectory("report")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    try SyntheticSession().write(to: directory)
    let report = SessionReport(try readSession(directory))
    #expect(report.cycles.cycles.count == 10 && report.cycles.median == 54.5)
    #expect(report.incidents.count == 1)
    let story = report.incidents.first?.links ?? []
    for part in [
      "7.0 s before, it pulled a wolf", "12.0 s of fight, 2 attackers, no pet",
      "health 80 % to 30 % in ten seconds (5.0 % a second)",
      "fled from a bear (healthLow): 55 units in 8.0 s", "the opponent regained 12 %", "it died",
    ] {
      #expect(story.contains { $0.contains(part) }, "\(part) in \(story)")
    }
    let marks = Dictionary(uniqueKeysWithValues: report.scorecard.dimensions.map { ($0.name, $0.mark) })
    #expect(report.scorecard.dimensions.reduce(0) { $0 + $1.weight } == 100)
    // 10 defeats in 10 minutes, one death, all pulls, 67 % at work, never stuck, 4 casts a defeat, no search.
    #expect(marks["defeats"] == 100 && marks["survival"] == 0 && marks["pulls"] == 100 && marks["uptime"] == 100)
    #expect(
      marks["pathing"] == 100 && abs((marks["mana"] ?? 0) ?? 0) - 44.4 < 0.1 && marks["targeting"] == .some(nil))
    #expect(report.scorecard.grade == "C", "\(report.scorecard.text)")
    #expect(report.phases.map(\.name) == ["grinding", "resting"])
    for part in ["score    ", "cycles   10 rounds", "phases   grinding", "incident 5 min 30 s #3300 failedEscape"] {
      #expect(report.text.contains(part), "\(part) in \(report.text)")
    }
    #expect(Timeline.text(report.session).contains("incident kind=failedEscape"))
    let timeline = try DataNode.parse(Timeline.json(report.session), file: "timeline")
    #expect(try timeline["stretches"].array().count == report.session.stretches.count)
    let kinds = try timeline["events"].array().map { try $0["event"].string() }
    #expect(kinds.contains("incident") && !kinds.contains("snapshot"))
    let trend = try DataNode.parse(Comparison.trendJSON([report]), file: "trend").array()
    #expect(
      try trend.first?["defeats_per_hour"].number() == report.figures.first { $0.name == "defeats_per_hour" }?.value)
  }

  @Test func `the page is one file without network and no name ends its script`() throws {
    let folder = try Repository.temporaryDirectory("page")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    try SyntheticSession().write(to: directory)
    let html = SessionReport(try readSession(directory)).html()
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
    #expect(html.components(separatedBy: "</script>").count == 3)
    if let keep = ProcessInfo.processInfo.environment["COMPASS_KEEP_PAGE"] {
      try html.write(toFile: keep, atomically: true, encoding: .utf8)
    }
  }
}
