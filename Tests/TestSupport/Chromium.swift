import Foundation

/// A headless Chromium of this test's own, driven through the DevTools protocol over two pipes; ends with this value.
///
///     guard let browser = try Chromium.launch() else { return }  // it has said that it is not installed
///     let page = try browser.open(url)
///     #expect(try page.value("document.title") == "\"Session\"")
///     #expect(page.errors == [])
///
/// A class because it owns a process. Used from one thread.
public final class Chromium {
  /// The browser did not do what was asked.
  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  private static let program = "/usr/bin/chromium"
  private static let patience = 40.0

  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private let profile: URL
  private var received = Data()
  private var lastID = 0
  /// What happened that nobody has asked for yet.
  var events: [[String: Any]] = []

  /// Starts a browser; nil, with a message, where Chromium is not installed.
  public static func launch(width: Int = 1280, height: Int = 1000) throws -> Chromium? {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      print("skipped: no Chromium (Tools/setup installs it)")
      return nil
    }
    return try Chromium(width: width, height: height)
  }

  private init(width: Int, height: Int) throws {
    profile = try Repository.temporaryDirectory("chromium")
    // The protocol speaks on descriptors 3 and 4, which `Process` cannot pass on.
    let options = [
      "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
      "--user-data-dir=\(profile.path)", "--window-size=\(width),\(height)", "about:blank",
    ]
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", "exec 3<&0 4>&1; exec \(Self.program) \"$@\" </dev/null >/dev/null", "chromium"] + options
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(at: profile)
  }

  /// Opens `url` in a tab of its own and waits until it is loaded.
  public func open(_ url: URL) throws -> BrowserPage {
    let target = try send("Target.createTarget", ["url": "about:blank"])
    let attached = try send("Target.attachToTarget", ["targetId": target["targetId"] ?? "", "flatten": true])
    guard let session = attached["sessionId"] as? String else {
      throw Failure(description: "no session: \(attached)")
    }
    let page = BrowserPage(self, session: session)
    for domain in ["Page", "Runtime", "Log"] { try send("\(domain).enable", session: session) }
    try send("Page.navigate", ["url": url.absoluteString], session: session)
    try waitForEvent("Page.loadEventFired", session: session)
    return page
  }

  /// Sends a command and waits for its answer.
  @discardableResult
  func send(_ method: String, _ parameters: [String: Any] = [:], session: String? = nil) throws -> [String: Any] {
    lastID += 1
    var message: [String: Any] = ["id": lastID, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    let text = try JSONSerialization.data(withJSONObject: message) + [0]
    try commands.fileHandleForWriting.write(contentsOf: text)
    let deadline = Date.now.addingTimeInterval(Self.patience)
    while let answer = try receive(until: deadline) {
      guard answer["id"] as? Int == lastID else {
        events.append(answer)
        continue
      }
      if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
    throw Failure(description: "\(method): no answer in \(Self.patience) s")
  }

  private func waitForEvent(_ method: String, session: String) throws {
    let deadline = Date.now.addingTimeInterval(Self.patience)
    func isIt(_ event: [String: Any]) -> Bool {
      event["method"] as? String == method && event["sessionId"] as? String == session
    }
    if events.contains(where: isIt) { return }
    while let event = try receive(until: deadline) {
      events.append(event)
      if isIt(event) { return }
    }
    throw Failure(description: "no \(method) in \(Self.patience) s")
  }

  /// The next message, which ends with a zero byte; nil at the deadline or when the browser has gone.
  private func receive(until deadline: Date) throws -> [String: Any]? {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = received[received.startIndex..<end]
        received = Data(received[(end + 1)...])
        return try JSONSerialization.jsonObject(with: Data(message)) as? [String: Any]
      }
      var poller = pollfd(fd: answers.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let rest = deadline.timeIntervalSinceNow
      guard rest > 0, poll(&poller, 1, Int32(rest * 1000) + 1) > 0 else { return nil }
      let data = answers.fileHandleForReading.availableData
      guard !data.isEmpty else { return nil }
      received += data
    }
  }
}
