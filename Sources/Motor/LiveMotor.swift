import CLinux
import CX11
import Core
import Foundation
import Synchronization

/// Why a motor cannot start.
public enum MotorError: Error, Hashable, Sendable, CustomStringConvertible {
  case noDisplay(String)
  case noKeycode(KeyAction, display: String)
  case guardFailed(String)
  case noRuntimeDirectory(String)

  public var description: String {
    switch self {
    case .noDisplay(let name):
      "no X server with the XTest extension answers at display \"\(name)\"; start one (Xvfb :1) or name another (--display)"
    case .noKeycode(let action, let display):
      "the keyboard of display \(display) has no plain key for \(action.name); bind it to another in the environment's keys.json"
    case .guardFailed(let why): "the guard process did not start (\(why)); without it no key is pressed"
    case .noRuntimeDirectory(let why): why
    }
  }
}

/// The keyboard of a real display: motor commands in, XTest key events out, on a thread of its own.
///
/// Keys go down only while the target's window holds the focus and a guard process stands by. `carryOut` and
/// `releaseAll` may be called from any thread and return at once.
public final class LiveMotor: Sendable {
  public struct Configuration: Sendable {
    public var display: String
    public var bindings: KeyBindings
    /// Title of the target's window, and its process id, which a window that says one must match.
    public var window: String
    public var pid: Int32
    /// Program and arguments that run `KeyGuard.run`; display and file are appended.
    public var guardCommand: [String]

    public init(display: String, bindings: KeyBindings, window: String, pid: Int32, guardCommand: [String]) {
      self.display = display
      self.bindings = bindings
      self.window = window
      self.pid = pid
      self.guardCommand = guardCommand
    }
  }

  /// What crosses between the callers and the motor thread.
  struct Mailbox {
    var commands: [MotorCommand] = []
    var isStopping = false
    /// The kill switch was pressed; nothing goes down until `allow`.
    var isKilled = false
    var report = MotorReport(hasFocus: false, isReady: false)
    /// Refusals since the last report was read.
    var refusedCount = 0
    var refusal: MotorRefusal?
  }

  /// The keyboard has the key that the bindings name as kill switch.
  public let hasKillSwitch: Bool
  private let mailbox: SharedMailbox
  private let wake: Int32

  /// Connects, starts the guard and the motor thread.
  public init(_ configuration: Configuration) throws(MotorError) {
    if let fault = RuntimeDirectory.create() { throw .noRuntimeDirectory(fault) }
    guard let connection = XConnection(name: configuration.display) else { throw .noDisplay(configuration.display) }
    let keycodes = try LiveMotor.keycodes(configuration, connection)
    hasKillSwitch = connection.keycode(configuration.bindings.killSwitch) != nil
    let name = configuration.display.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    let path = "\(RuntimeDirectory.path)/keys-\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max)).held"
    guard let file = HeldKeysFile(path: path, creating: true) else {
      throw .noRuntimeDirectory("cannot create \(path): \(String(cString: strerror(errno)))")
    }
    file.daemonBeats()
    mailbox = SharedMailbox()
    wake = linux_eventfd()
    let machine = MotorThread(
      configuration: configuration, connection: connection, keycodes: keycodes, file: file, mailbox: mailbox,
      wake: wake)
    guard machine.startGuard() else {
      unlink(path)
      throw .guardFailed("\(configuration.guardCommand.first ?? "no command") ended or did not answer")
    }
    let box = ThreadHandover(machine)
    let thread = Thread {
      _ = linux_set_thread_name("compass-motor")
      box.take()?.run()
    }
    thread.start()
  }

  private static func keycodes(_ configuration: Configuration, _ connection: XConnection) throws(MotorError)
    -> [UInt8?]
  {
    var keycodes: [UInt8?] = []
    for action in KeyAction.allCases {
      guard let keysym = configuration.bindings.keysyms[Int(action.rawValue)] else {
        keycodes.append(nil)
        continue
      }
      guard let key = connection.keycode(keysym), !key.shift else {
        throw .noKeycode(action, display: configuration.display)
      }
      keycodes.append(key.keycode)
    }
    return keycodes
  }

  deinit { stop() }

  /// Hands over the commands of one tick.
  public func carryOut(_ commands: [MotorCommand]) {
    guard !commands.isEmpty else { return }
    mailbox.state.withLock { $0.commands.append(contentsOf: commands) }
    linux_eventfd_signal(wake)
  }

  /// All keys up, before anything that was handed over and not done yet.
  public func releaseAll() {
    mailbox.state.withLock { $0.commands = [.releaseAll] }
    linux_eventfd_signal(wake)
  }

  /// How the motor stands; refusals are counted from one call to the next.
  public func report() -> MotorReport {
    mailbox.state.withLock { state in
      var report = state.report
      report.refusedCount = state.refusedCount
      report.refusal = state.refusal
      state.refusedCount = 0
      state.refusal = nil
      return report
    }
  }

  /// Somebody pressed the kill switch since the start, or since `allow`.
  public var isKilled: Bool { mailbox.state.withLock { $0.isKilled } }

  /// Keys may go down again after the kill switch.
  public func allow() { mailbox.state.withLock { $0.isKilled = false } }

  /// Releases all keys and ends the thread and the guard; waits at most a second.
  public func stop() {
    let wasStopping = mailbox.state.withLock { state in
      defer { state.isStopping = true }
      return state.isStopping
    }
    guard !wasStopping else { return }
    linux_eventfd_signal(wake)
    // A thread that hangs in the X server still uses the descriptor: it is closed only when the thread has ended.
    if mailbox.hasStopped.wait(timeout: .now() + 1) == .success { close(wake) }
  }
}

/// The mailbox as both sides hold it.
final class SharedMailbox: Sendable {
  let state = Mutex(LiveMotor.Mailbox())
  /// Signalled once, when the motor thread has let go of everything.
  let hasStopped = DispatchSemaphore(value: 0)
}
