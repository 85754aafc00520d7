import CLinux
import Glibc

/// The guard: a process with its own connection to the X server that releases the daemon's keys when the daemon dies
/// (its end of a pipe closes) or hangs (its heartbeat stops). A key pressed through XTest stays down when its sender
/// dies; only a second process can mend that.
public enum KeyGuard {
  /// The hidden subcommand that runs the guard: `compassd guard DISPLAY FILE` with the pipe on standard input.
  public static let subcommand = "guard"
  /// A daemon that has not beaten for so long is hung. Unit: nanoseconds.
  static let patience: Int64 = 300_000_000

  /// Runs until the daemon is gone. Returns the exit status.
  public static func run(display: String, file path: String) -> Int32 {
    for ignored in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(ignored, SIG_IGN) }
    _ = linux_set_thread_name("compass-guard")
    guard let file = HeldKeysFile(path: path, creating: false), let connection = XConnection(name: display) else {
      return 69
    }
    // Xlib's first question about the keyboard is slow; ask it before it matters.
    connection.sync()
    file.guardBeats()
    var isHung = false
    while connection.isAlive {
      var pipe = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let ready = poll(&pipe, 1, 50)
      file.guardBeats()
      if ready > 0 {
        // Nothing is ever written: readable means closed.
        release(file, connection)
        unlink(file.path)
        return 0
      }
      let isLate = file.daemonAge > patience
      if isLate, !isHung || !file.keycodes().isEmpty { release(file, connection) }
      isHung = isLate
      // Notices a server that died although nobody talks to it.
      connection.sync()
    }
    return 69
  }

  private static func release(_ file: HeldKeysFile, _ connection: XConnection) {
    let keycodes = file.keycodes()
    for keycode in keycodes { connection.send(keycode: keycode, down: false) }
    connection.sync()
    for keycode in keycodes { file.clear(keycode) }
    if !keycodes.isEmpty { file.countGuardRelease() }
  }
}

/// A guard process as its daemon holds it.
final class GuardProcess {
  let pid: pid_t
  let pidfd: Int32
  private let pipe: Int32

  /// Starts `command` (program and arguments) with the display and the file appended; nil when that fails.
  init?(command: [String], display: String, file: String) {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    defer {
      posix_spawn_file_actions_destroy(&actions)
      close(ends[0])
    }
    // Its own process group: what the terminal sends to the daemon must not end the guard first.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    defer { posix_spawnattr_destroy(&attributes) }
    var arguments: [UnsafeMutablePointer<CChar>?] = (command + [display, file]).map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, command[0], &actions, &attributes, arguments, environ) == 0 else {
      close(ends[1])
      return nil
    }
    self.pid = pid
    pipe = ends[1]
    pidfd = linux_pidfd_open(pid)
  }

  /// True until the process has ended; then it is reaped.
  var isAlive: Bool {
    var status: Int32 = 0
    return waitpid(pid, &status, WNOHANG) == 0
  }

  /// Closing the pipe makes the guard release what is down and end; it is waited for at most 100 ms.
  deinit {
    close(pipe)
    var process = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    poll(&process, 1, 100)
    var status: Int32 = 0
    waitpid(pid, &status, WNOHANG)
    close(pidfd)
  }
}
