import CLinux
import CX11
import Core
import Glibc

/// What runs on the motor thread: takes commands, runs the key schedule against the clock, presses and releases.
final class MotorThread {
  private let configuration: LiveMotor.Configuration
  private var connection: XConnection
  private var keycodes: [UInt8?]
  private let file: HeldKeysFile
  private let mailbox: SharedMailbox
  private let wake: Int32

  private var schedule = KeySchedule()
  private var edges: [KeySchedule.Edge] = []
  private var commands: [MotorCommand] = []
  /// Keystrokes of chat lines that are still to be sent. Unit: microseconds.
  private var typing: [(at: Int, keycode: UInt8, shift: Bool, isDown: Bool)] = []
  private var keyGuard: GuardProcess?
  private var nextGuardStart: Int64 = 0
  private var nextReconnect: Int64 = 0
  private var reconnectDelay: Int64 = 500_000_000
  private var hasFocus = false
  private var nextCheck: Int64 = 0
  /// Checks in a row in which the server's keys were not ours.
  private var mismatches = 0
  /// The key of the kill switch; nil when the keyboard has none. It was down at the last check.
  private var killSwitch: UInt8?
  private var wasKillDown = false
  private var isKilled = false
  /// By keycode: down by our doing.
  private var down = [Bool](repeating: false, count: 256)

  init(
    configuration: LiveMotor.Configuration, connection: XConnection, keycodes: [UInt8?], file: HeldKeysFile,
    mailbox: SharedMailbox, wake: Int32
  ) {
    self.configuration = configuration
    self.connection = connection
    self.keycodes = keycodes
    self.file = file
    self.mailbox = mailbox
    self.wake = wake
    commands.reserveCapacity(32)
    edges.reserveCapacity(64)
    watchKillSwitch()
  }

  private func watchKillSwitch() {
    killSwitch = connection.keycode(configuration.bindings.killSwitch)?.keycode
    if let killSwitch { connection.watch(killSwitch) }
  }

  private var microseconds: Int { Int(linux_monotonic_nanoseconds() / 1000) }

  /// Starts a guard and waits until it stands by; false when it does not within two seconds.
  func startGuard() -> Bool {
    let started = linux_monotonic_nanoseconds()
    file.daemonBeats()
    guard
      let process = GuardProcess(
        command: configuration.guardCommand, display: configuration.display, file: file.path)
    else { return false }
    while linux_monotonic_nanoseconds() - started < 2_000_000_000 {
      file.daemonBeats()
      guard process.isAlive else { return false }
      if file.guardAge < linux_monotonic_nanoseconds() - started {
        keyGuard = process
        return true
      }
      usleep(1000)
    }
    return false
  }

  func run() {
    var isStopping = false
    while !isStopping {
      isStopping = mailbox.state.withLock { state in
        swap(&commands, &state.commands)
        state.commands.removeAll(keepingCapacity: true)
        if isKilled, !state.isKilled { isKilled = false }
        return state.isStopping
      }
      file.daemonBeats()
      watch()
      if isStopping { schedule.accept(.releaseAll, now: microseconds) }
      for command in commands { take(command) }
      commands.removeAll(keepingCapacity: true)
      send()
      publish()
      if !isStopping { sleep() }
    }
    for keycode in UInt8.min...UInt8.max where down[Int(keycode)] { set(keycode, false) }
    connection.sync()
    keyGuard = nil
    unlink(file.path)
    mailbox.state.withLock {
      $0.report = MotorReport(hasFocus: false, isReady: false)
    }
    mailbox.hasStopped.signal()
  }

  // MARK: - What stands by

  private var refusal: MotorRefusal? {
    if isKilled { return .notArmed }
    if !connection.isAlive { return .displayGone }
    if keyGuard == nil { return .guardGone }
    if !hasFocus { return .noFocus }
    return nil
  }

  /// Looks after display, guard, focus and stray keys.
  private func watch() {
    let now = linux_monotonic_nanoseconds()
    if let process = keyGuard, !process.isAlive {
      keyGuard = nil
      releaseEverything()
      nextGuardStart = now
    }
    if !connection.isAlive { reconnect(now) }
    if connection.isAlive, keyGuard == nil, now >= nextGuardStart {
      nextGuardStart = now + 500_000_000
      _ = startGuard()
    }
    if connection.takePresses() { kill() }
    guard now >= nextCheck, connection.isAlive else { return }
    nextCheck = now + 50_000_000
    checkFocus()
    checkKeys()
  }

  private func reconnect(_ now: Int64) {
    if hasFocus {
      // The server took all keys with it.
      hasFocus = false
      schedule.accept(.releaseAll, now: microseconds)
      typing.removeAll(keepingCapacity: true)
      for keycode in UInt8.min...UInt8.max where down[Int(keycode)] {
        down[Int(keycode)] = false
        file.clear(keycode)
      }
    }
    guard now >= nextReconnect else { return }
    nextReconnect = now + reconnectDelay
    reconnectDelay = min(5_000_000_000, reconnectDelay * 2)
    guard let fresh = XConnection(name: configuration.display) else { return }
    reconnectDelay = 500_000_000
    connection = fresh
    keyGuard = nil
    watchKillSwitch()
    for action in KeyAction.allCases {
      let keysym = configuration.bindings.keysyms[Int(action.rawValue)]
      keycodes[Int(action.rawValue)] = keysym.flatMap { fresh.keycode($0) }.flatMap { $0.shift ? nil : $0.keycode }
    }
  }

  private func checkFocus() {
    let focused = connection.focusedWindow().map {
      connection.belongs($0, title: configuration.window, pid: configuration.pid)
    }
    let had = hasFocus
    hasFocus = focused == true
    if had, !hasFocus { releaseEverything() }
  }

  /// The kill switch: everything up, and nothing down until it is allowed again.
  private func kill() {
    isKilled = true
    mailbox.state.withLock { $0.isKilled = true }
    releaseEverything()
  }

  /// Looks at the keys themselves: for the kill switch, which somebody else's grab may have kept from us, and for keys
  /// that the server still has down although they should be up; those are released again.
  private func checkKeys() {
    let server = connection.keysDown()
    if let killSwitch {
      let isDown = server[Int(killSwitch / 64)] >> UInt64(killSwitch % 64) & 1 == 1
      if isDown, !wasKillDown { kill() }
      wasKillDown = isDown
    }
    guard hasFocus || mismatches > 0 else { return }
    var stray: [UInt8] = []
    for keycode in keycodes {
      guard let keycode, !down[Int(keycode)] else { continue }
      if server[Int(keycode / 64)] >> UInt64(keycode % 64) & 1 == 1 { stray.append(keycode) }
    }
    mismatches = stray.isEmpty ? 0 : mismatches + 1
    guard mismatches >= 3 else { return }
    mismatches = 0
    for keycode in stray { connection.send(keycode: keycode, down: false) }
    connection.flush()
    refuse(.held, count: stray.count)
  }

  // MARK: - Commands and edges

  private func take(_ command: MotorCommand) {
    switch command {
    case .releaseAll, .release: break
    case .hold(let key), .tap(let key), .press(let key, _):
      if let refusal { return refuse(refusal) }
      guard keycodes[Int(key.rawValue)] != nil else { return refuse(.noBinding) }
    case .type:
      if let refusal { return refuse(refusal) }
      guard typing.count < 512 else { return refuse(.tooMany) }
    }
    schedule.accept(command, now: microseconds)
  }

  private func refuse(_ reason: MotorRefusal, count: Int = 1) {
    mailbox.state.withLock {
      $0.refusedCount += count
      $0.refusal = reason
    }
  }

  private func send() {
    edges.removeAll(keepingCapacity: true)
    schedule.take(before: microseconds + 1, into: &edges)
    // The focus may have gone since the last check: ask again before anything goes down.
    if connection.isAlive, edges.contains(where: { if case .up = $0.kind { false } else { true } }) { checkFocus() }
    for edge in edges {
      switch edge.kind {
      case .down(let key): if let code = keycodes[Int(key.rawValue)] { set(code, true) }
      case .up(let key): if let code = keycodes[Int(key.rawValue)] { set(code, false) }
      case .type(let text): plan(text, from: edge.microseconds)
      }
    }
    let now = microseconds
    while let stroke = typing.first, stroke.at <= now {
      typing.removeFirst()
      if stroke.shift, let shift = connection.keycode(KeySym(XK_Shift_L)) { set(shift.keycode, stroke.isDown) }
      set(stroke.keycode, stroke.isDown)
    }
    connection.flush()
  }

  /// Plans the keystrokes of a chat line: each down for half a step.
  private func plan(_ text: FixedText, from start: Int) {
    var at = start
    for keysym in configuration.bindings.keystrokes(text) {
      guard let key = connection.keycode(keysym) else {
        refuse(.noKeycode)
        continue
      }
      typing.append((at, key.keycode, key.shift, true))
      typing.append((at + KeySchedule.typingStep / 2, key.keycode, key.shift, false))
      at += KeySchedule.typingStep
    }
  }

  private func set(_ keycode: UInt8, _ isDown: Bool) {
    guard connection.isAlive else { return }
    if isDown {
      guard hasFocus, keyGuard != nil, !isKilled else { return }
      file.set(keycode)
      connection.send(keycode: keycode, down: true)
      down[Int(keycode)] = true
    } else {
      guard down[Int(keycode)] else { return }
      connection.send(keycode: keycode, down: false)
      connection.flush()
      down[Int(keycode)] = false
      file.clear(keycode)
    }
  }

  private func releaseEverything() {
    schedule.accept(.releaseAll, now: microseconds)
    typing.removeAll(keepingCapacity: true)
    for keycode in UInt8.min...UInt8.max where down[Int(keycode)] { set(keycode, false) }
    connection.sync()
  }

  private func publish() {
    let report = MotorReport(
      hasFocus: hasFocus, isReady: connection.isAlive && keyGuard != nil, held: schedule.down)
    mailbox.state.withLock { $0.report = report }
  }

  /// Until the next edge, a command, the guard's end, or 50 ms.
  private func sleep() {
    let now = microseconds
    let next = min(schedule.next ?? .max, typing.first?.at ?? .max, now + 50_000)
    let wait = max(0, next - now)
    var events = [
      pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      pollfd(fd: keyGuard?.pidfd ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: connection.isAlive ? connection.descriptor : -1, events: Int16(POLLIN), revents: 0),
    ]
    if connection.hasEvents { return }
    linux_poll(&events, 3, Int64(wait))
    var count: UInt64 = 0
    if events[0].revents != 0 { read(wake, &count, 8) }
  }
}
