import CX11
import Foundation
import TestSupport

/// An X server without a screen, on a display number that it finds itself; ended with this object.
final class VirtualDisplay {
  let name: String
  let server: Process

  /// Nil when there is no Xvfb here.
  init?() throws {
    let program = URL(filePath: "/usr/bin/Xvfb")
    guard FileManager.default.fileExists(atPath: program.path) else {
      print("no Xvfb here; skipped")
      return nil
    }
    let pipe = Pipe()
    server = Process()
    server.executableURL = program
    server.arguments = ["-displayfd", "1", "-screen", "0", "1100x800x24", "-noreset", "-nolisten", "tcp"]
    server.standardOutput = pipe
    server.standardError = FileHandle.nullDevice
    try server.run()
    var number = ""
    while !number.hasSuffix("\n") {
      let bytes = pipe.fileHandleForReading.readData(ofLength: 1)
      guard !bytes.isEmpty else { return nil }
      number += String(decoding: bytes, as: UTF8.self)
    }
    name = ":" + number.dropLast()
  }

  deinit { end() }

  /// Ends the server at once. Processes that tests start inherit a mask that holds back politer signals.
  func end() {
    if server.isRunning { kill(server.processIdentifier, SIGKILL) }
  }
}

/// A client that a test has started.
final class RunningClient {
  let process = Process()
  private let errors = Pipe()
  var pid: Int32 { process.processIdentifier }

  init(_ arguments: [String]) throws {
    process.executableURL = Repository.program("compass-sandbox")
    process.arguments = ["client"] + arguments
    process.currentDirectoryURL = Repository.root
    process.standardError = errors
    try process.run()
  }

  deinit {
    if process.isRunning { kill(pid, SIGKILL) }
  }

  /// The exit code, once it ended within `seconds`.
  func exitCode(within seconds: Double = 20) -> Int32? {
    guard eventually(within: seconds, { !process.isRunning }) else { return nil }
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  /// What it said on stderr; only for a client that has ended.
  var complaint: String {
    process.isRunning ? "" : String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
  }
}

/// Presses keys and closes windows on a display, as a person would.
final class Keyboard {
  private let display: OpaquePointer

  init?(_ name: String) {
    guard let display = XOpenDisplay(name) else { return nil }
    self.display = display
  }

  deinit { XCloseDisplay(display) }

  func press(_ keysym: String, isDown: Bool) {
    let code = XKeysymToKeycode(display, XStringToKeysym(keysym))
    XTestFakeKeyEvent(display, UInt32(code), isDown ? 1 : 0, 0)
    XFlush(display)
  }

  func tap(_ keysym: String) {
    press(keysym, isDown: true)
    press(keysym, isDown: false)
  }

  /// The window with this title that has the keyboard; nil when there is none.
  func focused(title: String) -> Window? {
    var (window, revert): (Window, Int32) = (0, 0)
    XGetInputFocus(display, &window, &revert)
    guard window > 1 else { return nil }
    var name: UnsafeMutablePointer<CChar>?
    XFetchName(display, window, &name)
    defer { if let name { XFree(name) } }
    return name.map { String(cString: $0) } == title ? window : nil
  }

  /// What a window manager sends when its close button is pressed.
  func close(_ window: Window) {
    var event = XEvent()
    event.xclient.type = ClientMessage
    event.xclient.window = window
    event.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", 0)
    event.xclient.format = 32
    event.xclient.data.l.0 = Int(bitPattern: XInternAtom(display, "WM_DELETE_WINDOW", 0))
    XSendEvent(display, window, 0, NoEventMask, &event)
    XFlush(display)
  }
}
