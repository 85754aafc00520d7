import CX11
import Core
import Foundation
import TestSupport

/// A window that takes keys, as a client has one; counts what it is told. Used by one test at a time.
final class KeyWindow {
  static let title = "Key Window"
  let display: OpaquePointer
  let window: Window
  /// `+w` for a press, `-w` for a release.
  private(set) var events: [String] = []

  init?(display name: String) {
    guard let display = XOpenDisplay(name) else { return nil }
    self.display = display
    window = XCreateSimpleWindow(display, XDefaultRootWindow(display), 0, 0, 100, 100, 0, 0, 0)
    XStoreName(display, window, Self.title)
    XSelectInput(display, window, KeyPressMask | KeyReleaseMask | StructureNotifyMask)
    var supported: Int32 = 0
    XkbSetDetectableAutoRepeat(display, 1, &supported)
    XMapWindow(display, window)
    XSync(display, 0)
    focus()
  }

  deinit { XCloseDisplay(display) }

  func focus() {
    XSetInputFocus(display, window, Int32(RevertToNone), UInt(CurrentTime))
    XSync(display, 0)
  }

  /// Takes the focus away from every window.
  func unfocus() {
    XSetInputFocus(display, UInt(None), Int32(RevertToNone), UInt(CurrentTime))
    XSync(display, 0)
  }

  /// Takes in what has come; repeats are left out.
  func pump() {
    while XPending(display) > 0 {
      var event = XEvent()
      XNextEvent(display, &event)
      guard event.type == KeyPress || event.type == KeyRelease else { continue }
      let keysym = XLookupKeysym(&event.xkey, event.xkey.state & UInt32(ShiftMask) == 0 ? 0 : 1)
      let name = XKeysymToString(keysym).map { String(cString: $0) } ?? "?"
      let text = (event.type == KeyPress ? "+" : "-") + name
      if events.last != text { events.append(text) }
    }
  }

  /// Keys that the server has down now.
  var keysDown: Int {
    var bytes = [CChar](repeating: 0, count: 32)
    XQueryKeymap(display, &bytes)
    return bytes.reduce(0) { $0 + UInt8(bitPattern: $1).nonzeroBitCount }
  }
}

let windowKeys = #"""
  {"bindings": {"forward": "w", "back": "s", "turnLeft": "a", "turnRight": "d", "gem1": "1", "jump": "space"},
   "chat": {"open": "slash", "submit": "Return"}}
  """#
