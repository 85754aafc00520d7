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
    #expect(text.split(separator: "\n").count <= 40)
    let root = try DataNode.parse(report.json, file: "report")
    #expect(try root["figures"]["defeats"].integer() == 10)
    #expect(try root["checks"].array().count == SessionChecks.all.count)
  }

  @Test func `the page is one file without network and no name ends its script`() throws {
    let folder = try Repository.temporaryDirectory("page")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    try SyntheticSession().write(to: directory)
    let html = SessionReport(try readSession(directory)).html
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("src="))
    #expect(html.components(separatedBy: "</script>").count == 3)
    if let keep = ProcessInfo.processInfo.environment["COMPASS_KEEP_PAGE"] {
      try html.write(toFile: keep, atomically: true, encoding: .utf8)
    }
  }
}
