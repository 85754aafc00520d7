import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

@Suite struct PageTests {
  /// Writes the page of a session; a name in it tries to break out.
  private func page(in folder: URL) throws -> URL {
    let directory = folder.appending(path: "s").path
    var session = SyntheticSession()
    session.ticks = 3000
    session.change = { record in
      if record.tick.slot == 900 {
        record.events.append(.playerDeath(at: Position(20, 30), attacker: "</script><img src=x>"))
      }
      return true
    }
    try session.write(to: directory)
    let url = folder.appending(path: "report.html")
    try SessionReport(try readSession(directory)).html().write(to: url, atomically: true, encoding: .utf8)
    return url
  }

  @Test func `a browser draws every chart of the page without an error, and scrubbing moves the moment`() throws {
    let folder = try Repository.temporaryDirectory("page")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let browser = try Chromium.launch() else { return }
    let page = try browser.open(try self.page(in: folder))
    for canvas in ["timeline", "map", "busy", "late", "cycles", "progress"] {
      #expect(try page.colours(ofCanvas: canvas) > 3, "\(canvas) is empty")
    }
    #expect(try page.value("document.images.length") == "0")
    #expect(try page.value("document.querySelectorAll('#checks tr').length") == String(SessionChecks.all.count))

    let moment = "document.getElementById('moment').textContent"
    let start = try page.value(moment)
    #expect(start.contains("tick 0"), "\(start)")
    try page.click("#timeline", x: 0.5, y: 0.1)
    let middle = try page.value(moment)
    #expect(middle.contains("tick 149") || middle.contains("tick 150"), "half of 3000 ticks, not \(middle)")
    try page.press("ArrowRight")
    #expect(try page.value(moment) != middle)
    try page.click("#scrub", x: 0.98)
    let end = try page.value(moment)
    #expect(end.contains("tick 29"), "near 3000 ticks, not \(end)")
    #expect(try page.value("document.querySelectorAll('#events tr').length>0") == "true")
    #expect(page.errors == [])

    if let path = ProcessInfo.processInfo.environment["COMPASS_SCREENSHOTS"] {
      try page.screenshot(to: URL(filePath: path).appending(path: "report.png"))
    }
  }

  @Test func `the page of every kept log opens without an error, its map on the ground of its zone`() throws {
    let folder = try Repository.temporaryDirectory("page")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let browser = try Chromium.launch() else { return }
    for name in KeptLogs.names.sorted() {
      let report = SessionReport(try readSession(KeptLogs.path(name)))
      let url = folder.appending(path: "\(name).html")
      let grounds = ReportGround.all(of: report.session)
      try report.html(grounds: grounds).write(to: url, atomically: true, encoding: .utf8)
      let page = try browser.open(url)
      #expect(page.errors == [], "\(name)")
      #expect(try page.colours(ofCanvas: "map") > 3 && page.colours(ofCanvas: "timeline") > 3, "\(name)")
      let zone = try page.value("document.getElementById('zone').selectedOptions[0].textContent")
      #expect(zone == (grounds.isEmpty ? "\"zone 1\"" : "\"harbour\""), "\(name): \(zone)")
    }
  }

  @Test func `a page that fails is noticed`() throws {
    let folder = try Repository.temporaryDirectory("page")
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let browser = try Chromium.launch() else { return }
    let url = folder.appending(path: "broken.html")
    let text =
      "<canvas id=c></canvas><script>console.error('first');throw new Error('second')</script><img src=x.png>"
    try text.write(to: url, atomically: true, encoding: .utf8)
    let page = try browser.open(url)
    #expect(page.errors.count == 3, "\(page.errors)")
    #expect(try page.colours(ofCanvas: "c") == 1)
  }
}
