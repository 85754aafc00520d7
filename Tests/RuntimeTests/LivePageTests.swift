import Core
import Foundation
import Glibc
import TestSupport
import Testing

private let needsTerrain: Comment = "needs terrain files: Tools/test builds them"

/// The live page of a daemon that plays, in a real browser.
@Suite(.serialized) struct LivePageTests {
  @Test(.enabled(if: LiveStage.hasTerrain, needsTerrain))
  func `the page shows intent, rules, plan and map of the running daemon, and that it has ended`() throws {
    guard let browser = try Chromium.launch(width: 1240, height: 1400) else { return }
    let stage = try LiveStage()
    let client = try stage.client()
    let daemon = try stage.daemon(["--pid", "\(client.pid)", "--live-view", "0"])
    let address = try #require(viewAddress(of: daemon), "\(daemon.text)")
    let page = try browser.open(try #require(URL(string: address)))
    #expect(try page.eventually(within: 60, "document.getElementById('stand').textContent==='armed'"))
    #expect(try page.eventually("document.querySelectorAll('#rules tr').length>=\(RuleID.allCases.count)"))
    #expect(try page.eventually("document.querySelectorAll('#rules tr.chosen').length===1"))
    #expect(try page.eventually("document.getElementById('intent').textContent.length>20"))
    #expect(try page.eventually("document.querySelectorAll('#spawns tr').length>5"))
    #expect(try page.eventually(within: 30, "document.querySelectorAll('#plan li').length>1"))
    #expect(try page.eventually(within: 20, "track.points.length>1"), "no track")
    #expect(try page.colours(ofCanvas: "map") > 20)
    // It moves on by itself.
    let before = try page.value("state.tick")
    #expect(try page.eventually("state.tick>\(before)+5"))
    #expect(page.errors == [])
    if let keep = ProcessInfo.processInfo.environment["COMPASS_KEEP_PAGE"] {
      try page.screenshot(to: URL(filePath: keep))
    }
    daemon.signal(SIGTERM)
    #expect(daemon.status(within: 10) == 0, "\(daemon.text)")
    #expect(try page.eventually(within: 20, "document.getElementById('stand').textContent==='gone'"))
  }

  @Test(.enabled(if: LiveStage.hasTerrain, needsTerrain))
  func `status --watch shows intent and rules, and says when the daemon ends or none runs`() throws {
    let stage = try LiveStage()
    #expect(try stage.compassd(["status", "--watch"]).status == 69)
    let client = try stage.client()
    let daemon = try stage.daemon(["--pid", "\(client.pid)"], isArmed: false)
    #expect(
      try eventually(within: 30) {
        let shown = try stage.compassd(["status", "--watch", "--every", "0.1", "--for", "0.5"])
        return shown.status == 0 && shown.output.contains("Standing still with all keys up: it is not armed")
          && shown.output.contains("deathRecovery    no: alive")
      }, "\(daemon.text)")
    // A stopped tick thread is told of, not hidden.
    daemon.signal(SIGSTOP)
    let stopped = try stage.compassd(["status", "--watch", "--for", "0"])
    #expect(stopped.status == 69 && stopped.errors.contains("does not answer"), "\(stopped)")
    daemon.signal(SIGCONT)
    let watcher = try Child(
      Repository.program("compassd"), ["status", "--watch", "--every", "0.1"], variables: stage.variables,
      log: stage.folder.appending(path: "watch.log"))
    #expect(eventually(within: 10) { watcher.text.contains("observing") }, "\(watcher.text)")
    daemon.signal(SIGTERM)
    #expect(daemon.status(within: 10) == 0, "\(daemon.text)")
    #expect(watcher.status(within: 10) == 69 && watcher.text.contains("has ended"), "\(watcher.text.suffix(300))")
  }

  private func viewAddress(of daemon: Child) -> String? {
    var found: String?
    _ = eventually(within: 30) {
      found = daemon.text.split(separator: "\n").first { $0.contains("live view at ") }
        .flatMap { $0.split(separator: " ").last.map(String.init) }
      return found != nil
    }
    return found
  }
}
