import CX11
import Glibc

/// A connection to an X server that survives the server's death. Used by one thread at a time.
///
/// Xlib's own answer to a dying server is `exit`; with both of its I/O hooks set it goes on, and `isAlive` turns false.
/// A dead connection is never closed, since closing would talk to the server.
final class XConnection {
  let display: OpaquePointer
  /// 1 once the server is gone. Set by Xlib's hook, which is called on the thread that uses the connection.
  private let death: UnsafeMutablePointer<Int32>

  var isAlive: Bool { death.pointee == 0 }
  var descriptor: Int32 { XConnectionNumber(display) }

  /// Nil when there is no server at `name`, or none that has the XTest extension.
  init?(name: String) {
    // Protocol errors are windows that went away between two questions; the answers say so themselves.
    XSetErrorHandler { _, _ in 0 }
    XSetIOErrorHandler { _ in 0 }
    guard let display = XOpenDisplay(name) else { return nil }
    var (event, error, major, minor) = (Int32(0), Int32(0), Int32(0), Int32(0))
    guard XTestQueryExtension(display, &event, &error, &major, &minor) != 0 else {
      XCloseDisplay(display)
      return nil
    }
    self.display = display
    death = .allocate(capacity: 1)
    death.initialize(to: 0)
    XSetIOErrorExitHandler(display, { _, context in context?.assumingMemoryBound(to: Int32.self).pointee = 1 }, death)
    XTestGrabControl(display, 1)
  }

  deinit {
    if isAlive {
      XCloseDisplay(display)
      death.deallocate()
    }
  }

  /// Presses or releases a key now.
  func send(keycode: UInt8, down: Bool) {
    XTestFakeKeyEvent(display, UInt32(keycode), down ? 1 : 0, 0)
  }

  func flush() {
    guard isAlive else { return }
    XFlush(display)
  }

  /// Waits until the server has done all that was sent; false when it is gone.
  @discardableResult
  func sync() -> Bool {
    guard isAlive else { return false }
    XSync(display, 0)
    return isAlive
  }

  /// The keys that the server has down, one bit per keycode. Shape: 4 words.
  func keysDown() -> [UInt64] {
    var bytes = [CChar](repeating: 0, count: 32)
    guard isAlive else { return [0, 0, 0, 0] }
    XQueryKeymap(display, &bytes)
    return (0..<4).map { word in
      (0..<8).reduce(0) { $0 | UInt64(UInt8(bitPattern: bytes[word * 8 + $1])) << UInt64(8 * $1) }
    }
  }

  /// The keycode that gives `keysym`, and whether Shift must be down; nil when the keyboard has no such key.
  func keycode(_ keysym: KeySym) -> (keycode: UInt8, shift: Bool)? {
    let keycode = XKeysymToKeycode(display, keysym)
    guard keycode != 0 else { return nil }
    if XkbKeycodeToKeysym(display, keycode, 0, 0) == keysym { return (keycode, false) }
    if XkbKeycodeToKeysym(display, keycode, 0, 1) == keysym { return (keycode, true) }
    return nil
  }

  /// Asks for every press of a key, wherever the focus is; whoever has the focus does not see it then. Another program
  /// may have asked before: then there is nothing to be had this way.
  func watch(_ keycode: UInt8) {
    XGrabKey(
      display, Int32(keycode), UInt32(AnyModifier), XDefaultRootWindow(display), 0, GrabModeAsync, GrabModeAsync)
    XFlush(display)
  }

  /// Takes in what the server told, without waiting; true when a key that is watched went down.
  func takePresses() -> Bool {
    guard isAlive else { return false }
    var hasPress = false
    while XPending(display) > 0, isAlive {
      var event = XEvent()
      XNextEvent(display, &event)
      if event.type == KeyPress { hasPress = true }
    }
    return hasPress
  }

  /// The server told something that was read already and not taken in.
  var hasEvents: Bool { isAlive && XEventsQueued(display, QueuedAlready) > 0 }

  /// The window that gets key presses now; nil when none does.
  func focusedWindow() -> Window? {
    var (window, revert) = (Window(0), Int32(0))
    XGetInputFocus(display, &window, &revert)
    guard window != 0, isAlive else { return nil }
    guard window == 1 else { return window }
    // PointerRoot: the window under the pointer.
    var (root, child) = (Window(0), Window(0))
    var (rootX, rootY, x, y, mask) = (Int32(0), Int32(0), Int32(0), Int32(0), UInt32(0))
    XQueryPointer(display, XDefaultRootWindow(display), &root, &child, &rootX, &rootY, &x, &y, &mask)
    return child == 0 ? nil : child
  }

  /// True when `window` or one above it carries the title and, where it says so, the process id.
  func belongs(_ window: Window, title: String, pid: Int32) -> Bool {
    var window = window
    let root = XDefaultRootWindow(display)
    for _ in 0..<16 where window != 0 && window != root && isAlive {
      var name: UnsafeMutablePointer<CChar>?
      if XFetchName(display, window, &name) != 0, let text = name {
        defer { XFree(text) }
        if String(cString: text) == title { return processID(of: window).map { $0 == pid } ?? true }
      }
      window = parent(of: window)
    }
    return false
  }

  private func parent(of window: Window) -> Window {
    var (root, parent) = (Window(0), Window(0))
    var children: UnsafeMutablePointer<Window>?
    var count: UInt32 = 0
    guard XQueryTree(display, window, &root, &parent, &children, &count) != 0 else { return 0 }
    if let children { XFree(children) }
    return parent
  }

  private func processID(of window: Window) -> Int32? {
    let property = XInternAtom(display, "_NET_WM_PID", 1)
    guard property != 0 else { return nil }
    var (type, format, count, after) = (Atom(0), Int32(0), UInt(0), UInt(0))
    var bytes: UnsafeMutablePointer<UInt8>?
    guard XGetWindowProperty(display, window, property, 0, 1, 0, 6, &type, &format, &count, &after, &bytes) == 0,
      let bytes
    else { return nil }
    defer { XFree(bytes) }
    guard count == 1, format == 32 else { return nil }
    return bytes.withMemoryRebound(to: Int.self, capacity: 1) { Int32(truncatingIfNeeded: $0.pointee) }
  }
}
