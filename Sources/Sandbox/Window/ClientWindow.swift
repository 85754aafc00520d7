import CCairo
import CX11
import Glibc
import Synchronization

/// What the X server told the window.
enum WindowEvent {
  /// `name` is the keysym's name without modifiers ("w", "Tab"), `text` what it would type; `milliseconds` is the
  /// server's own time stamp.
  case key(name: String, text: String, isDown: Bool, milliseconds: UInt32)
  case focusLost
  case exposed
  case closeAsked
  /// The display to the display has ended.
  case displayLost
}

/// A window on an X display, drawn on through a picture in memory. Has identity (the display), hence a class.
/// To be used by the thread that made it.
final class ClientWindow {
  let picture: Picture
  private let display: OpaquePointer
  private let window: Window
  private let target: OpaquePointer
  private let targetContext: OpaquePointer
  private let deleteMessage: Atom
  private var hasTakenFocus = false

  /// Set by Xlib's last-resort handler, which takes no context.
  private static let isDisplayLost = Atomic<Bool>(false)

  /// - Throws: `SandboxFailure.displayUnavailable` when there is no such display.
  init(display name: String?, title: String, width: Int, height: Int) throws {
    let shown = name ?? getenv("DISPLAY").map { String(cString: $0) } ?? ""
    guard let display = XOpenDisplay(name) else {
      throw SandboxFailure.displayUnavailable(
        shown.isEmpty
          ? "no X display is named; give --display :N or set DISPLAY (\"Xvfb :41 &\" makes one without a screen)"
          : "cannot open X display \"\(shown)\"; is a server running there? (\"Xvfb \(shown) &\" makes one)")
    }
    self.display = display
    _ = XSetErrorHandler { _, _ in 0 }
    // Both are needed so that Xlib returns instead of ending the process when the server dies.
    _ = XSetIOErrorHandler { _ in
      ClientWindow.noteLoss()
      return 0
    }
    XSetIOErrorExitHandler(display, { _, _ in ClientWindow.noteLoss() }, nil)

    let screen = XDefaultScreen(display)
    let window = XCreateSimpleWindow(
      display, XDefaultRootWindow(display), 0, 0, UInt32(width), UInt32(height), 0, 0, XBlackPixel(display, screen))
    self.window = window
    XStoreName(display, window, title)
    var hint = XClassHint()
    "compass-sandbox".withCString { word in
      let word = UnsafeMutablePointer(mutating: word)
      hint.res_name = word
      hint.res_class = word
      XSetClassHint(display, window, &hint)
    }
    var delete = XInternAtom(display, "WM_DELETE_WINDOW", 0)
    XSetWMProtocols(display, window, &delete, 1)
    deleteMessage = delete
    XSelectInput(
      display, window, KeyPressMask | KeyReleaseMask | ExposureMask | StructureNotifyMask | FocusChangeMask)
    var isSupported: Int32 = 0
    XkbSetDetectableAutoRepeat(display, 1, &isSupported)
    XMapWindow(display, window)
    XFlush(display)

    picture = Picture(width: width, height: height)
    guard
      let target = cairo_xlib_surface_create(
        display, window, XDefaultVisual(display, screen), Int32(width), Int32(height)),
      let context = cairo_create(target)
    else { throw SandboxFailure.displayUnavailable("cairo cannot draw on display \"\(shown)\"") }
    self.target = target
    targetContext = context
  }

  /// The server has died. The client ends by itself within moments, unless it was inside a call of cairo, which waits
  /// for ever on a dead connection: then the alarm ends the process.
  private static func noteLoss() {
    isDisplayLost.store(true, ordering: .relaxed)
    signal(SIGALRM, SIG_DFL)
    var alarms = sigset_t()
    sigemptyset(&alarms)
    sigaddset(&alarms, SIGALRM)
    pthread_sigmask(SIG_UNBLOCK, &alarms, nil)
    alarm(3)
  }

  deinit {
    // Asks whether the server still answers: on a dead connection cairo would wait for ever. What it holds then goes
    // with the process.
    if !Self.isDisplayLost.load(ordering: .relaxed) { XSync(display, 0) }
    guard !Self.isDisplayLost.load(ordering: .relaxed) else { return }
    cairo_destroy(targetContext)
    cairo_surface_destroy(target)
    XDestroyWindow(display, window)
    XCloseDisplay(display)
  }

  /// Readable when events have come.
  var descriptor: Int32 { XConnectionNumber(display) }

  /// Puts the picture on the window.
  func present() {
    guard !Self.isDisplayLost.load(ordering: .relaxed) else { return }
    cairo_surface_flush(picture.surface)
    cairo_set_source_surface(targetContext, picture.surface, 0, 0)
    cairo_set_operator(targetContext, CAIRO_OPERATOR_SOURCE)
    cairo_paint(targetContext)
    cairo_surface_flush(target)
    XFlush(display)
  }

  /// Calls `body` with everything that has come since the last call.
  func takeEvents(_ body: (WindowEvent) -> Void) {
    var event = XEvent()
    while !Self.isDisplayLost.load(ordering: .relaxed), XPending(display) > 0 {
      XNextEvent(display, &event)
      switch event.type {
      case KeyPress, KeyRelease:
        body(key(&event.xkey, isDown: event.type == KeyPress))
      case MapNotify:
        // Without a window manager nobody else would give it the focus.
        guard !hasTakenFocus else { continue }
        hasTakenFocus = true
        XSetInputFocus(display, window, RevertToParent, Time(CurrentTime))
      case FocusOut where event.xfocus.mode == NotifyNormal:
        body(.focusLost)
      case Expose:
        body(.exposed)
      case ClientMessage where Atom(bitPattern: event.xclient.data.l.0) == deleteMessage:
        body(.closeAsked)
      case MappingNotify:
        XRefreshKeyboardMapping(&event.xmapping)
      default:
        break
      }
    }
    if Self.isDisplayLost.load(ordering: .relaxed) { body(.displayLost) }
  }

  private func key(_ event: inout XKeyEvent, isDown: Bool) -> WindowEvent {
    var buffer = [CChar](repeating: 0, count: 16)
    var symbol: KeySym = 0
    let count = Int(XLookupString(&event, &buffer, 15, &symbol, nil))
    let text = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let plain = XkbKeycodeToKeysym(display, KeyCode(truncatingIfNeeded: event.keycode), 0, 0)
    let name = XKeysymToString(plain).map { String(cString: $0) } ?? ""
    return .key(name: name, text: text, isDown: isDown, milliseconds: UInt32(truncatingIfNeeded: event.time))
  }
}
