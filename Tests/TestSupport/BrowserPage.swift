import Foundation

/// A page that is open in a `Chromium`.
public struct BrowserPage {
  private let browser: Chromium
  private let session: String

  init(_ browser: Chromium, session: String) {
    self.browser = browser
    self.session = session
  }

  /// The value of a JavaScript expression as JSON text, such as `5`, `true` or `"text"`; a promise is waited for.
  /// - Throws: `Chromium.Failure` with the message when the expression throws.
  public func value(_ expression: String) throws -> String {
    let answer = try browser.send(
      "Runtime.evaluate",
      [
        "expression": "(async()=>JSON.stringify(await(\(expression))))()", "awaitPromise": true,
        "returnByValue": true,
      ],
      session: session)
    if let details = answer["exceptionDetails"] as? [String: Any] {
      let exception = details["exception"] as? [String: Any]
      throw Chromium.Failure(description: "\(expression): \(exception?["description"] ?? details)")
    }
    return (answer["result"] as? [String: Any])?["value"] as? String ?? "undefined"
  }

  /// Waits until the expression is true; false when `seconds` went by without.
  public func eventually(within seconds: Double = 10, _ expression: String) throws -> Bool {
    try TestSupport.eventually(within: seconds) { try value(expression) == "true" }
  }

  /// Exceptions, `console.error` and errors of the browser itself (a file that is missing, a policy that is broken).
  public var errors: [String] {
    _ = try? value("0")
    return browser.events.compactMap { event in
      guard event["sessionId"] as? String == session, let parameters = event["params"] as? [String: Any] else {
        return nil
      }
      switch event["method"] as? String {
      case "Runtime.exceptionThrown":
        let details = parameters["exceptionDetails"] as? [String: Any]
        return "exception: \((details?["exception"] as? [String: Any])?["description"] ?? details ?? [:])"
      case "Runtime.consoleAPICalled" where parameters["type"] as? String == "error":
        return "console: \(parameters["args"] ?? "")"
      case "Log.entryAdded":
        guard let entry = parameters["entry"] as? [String: Any], entry["level"] as? String == "error" else {
          return nil
        }
        return "log: \(entry["text"] ?? "") \(entry["url"] ?? "")"
      default:
        return nil
      }
    }
  }

  /// How many different colours a canvas shows; 1 is an empty one.
  public func colours(ofCanvas id: String) throws -> Int {
    let text = try value(
      """
      (()=>{const c=document.getElementById("\(id)"),d=c.getContext("2d").getImageData(0,0,c.width,c.height).data,
      s=new Set();for(let i=0;i<d.length;i+=4)s.add(d[i]<<24|d[i+1]<<16|d[i+2]<<8|d[i+3]);return s.size})()
      """)
    return Int(text) ?? 0
  }

  /// A real click of the mouse into the element that `selector` finds. Units: fractions of its width and height.
  public func click(_ selector: String, x: Double = 0.5, y: Double = 0.5) throws {
    let text = try value(
      """
      (()=>{const e=document.querySelector(\(quoted(selector)));e.scrollIntoView({block:"center"});
      const r=e.getBoundingClientRect();return [r.left+r.width*\(x),r.top+r.height*\(y)]})()
      """)
    guard let place = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double], place.count == 2 else {
      throw Chromium.Failure(description: "no \(selector)")
    }
    for type in ["mousePressed", "mouseReleased"] {
      try browser.send(
        "Input.dispatchMouseEvent",
        ["type": type, "x": place[0], "y": place[1], "button": "left", "clickCount": 1], session: session)
    }
  }

  /// A real key stroke, such as `ArrowRight`.
  public func press(_ key: String) throws {
    for type in ["keyDown", "keyUp"] {
      try browser.send("Input.dispatchKeyEvent", ["type": type, "key": key, "code": key], session: session)
    }
  }

  /// Writes a PNG picture: of the whole page, however long, or of the window alone.
  public func screenshot(to url: URL, wholePage: Bool = true) throws {
    let answer = try browser.send(
      "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": wholePage], session: session)
    guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
      throw Chromium.Failure(description: "no picture")
    }
    try data.write(to: url)
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
