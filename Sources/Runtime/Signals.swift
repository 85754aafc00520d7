import Glibc
import Synchronization

/// The last termination signal that came; 0 for none.
private let termination = Atomic<Int32>(0)
private let terminationCount = Atomic<Int32>(0)

/// Signals of the daemon: TERM and INT ask it to end (a second one ends it at once), PIPE is ignored.
enum Signals {
  /// Installs the handlers; the calling thread should be the one that waits in `poll`.
  static func install() {
    _ = termination.load(ordering: .relaxed)
    _ = terminationCount.load(ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      termination.store(signal, ordering: .relaxed)
      if terminationCount.add(1, ordering: .relaxed).newValue > 2 { _exit(128 + signal) }
    }
    sigaction(SIGTERM, &action, nil)
    sigaction(SIGINT, &action, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Keeps these signals away from the calling thread and those it starts.
  static func block() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// The termination signal that came; nil for none.
  static var received: Int32? {
    let signal = termination.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }
}
