import Glibc
import Synchronization

/// The last termination signal that came; 0 for none.
private let termination = Atomic<Int32>(0)
private let terminationCount = Atomic<Int32>(0)
/// Requests that came and were not taken yet, as bits of `Signals.Request`.
private let requests = Atomic<UInt8>(0)

/// Signals of the daemon: TERM and INT ask it to end (a third one ends it at once), HUP to read its configuration anew,
/// USR1 to keep the last 300 ticks in a file; PIPE is ignored. Two real-time signals arm and disarm.
public enum Signals {
  struct Request: OptionSet {
    let rawValue: UInt8

    static let reload = Request(rawValue: 1)
    static let forensics = Request(rawValue: 2)
    static let arm = Request(rawValue: 4)
    static let disarm = Request(rawValue: 8)
  }

  /// What `compassd arm` and `compassd disarm` send.
  public static var arm: Int32 { __libc_current_sigrtmin() + 1 }
  public static var disarm: Int32 { __libc_current_sigrtmin() + 2 }

  /// Installs the handlers; the calling thread should be the one that waits in `poll`.
  static func install() {
    _ = termination.load(ordering: .relaxed)
    _ = terminationCount.load(ordering: .relaxed)
    _ = requests.load(ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      termination.store(signal, ordering: .relaxed)
      if terminationCount.add(1, ordering: .relaxed).newValue > 2 { _exit(128 + signal) }
    }
    sigaction(SIGTERM, &action, nil)
    sigaction(SIGINT, &action, nil)
    action.__sigaction_handler.sa_handler = { _ in requests.bitwiseOr(Request.reload.rawValue, ordering: .relaxed) }
    sigaction(SIGHUP, &action, nil)
    action.__sigaction_handler.sa_handler = { _ in requests.bitwiseOr(Request.forensics.rawValue, ordering: .relaxed)
    }
    sigaction(SIGUSR1, &action, nil)
    action.__sigaction_handler.sa_handler = { _ in
      requests.bitwiseAnd(~Request.disarm.rawValue, ordering: .relaxed)
      requests.bitwiseOr(Request.arm.rawValue, ordering: .relaxed)
    }
    sigaction(arm, &action, nil)
    action.__sigaction_handler.sa_handler = { _ in
      requests.bitwiseAnd(~Request.arm.rawValue, ordering: .relaxed)
      requests.bitwiseOr(Request.disarm.rawValue, ordering: .relaxed)
    }
    sigaction(disarm, &action, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  private static var all: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, arm, disarm] { sigaddset(&set, signal) }
    return set
  }

  /// Keeps these signals away from the calling thread and those it starts.
  static func block() {
    var set = all
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  static func unblock() {
    var set = all
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// The termination signal that came; nil for none.
  static var received: Int32? {
    let signal = termination.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// What was asked since the last call.
  static func takeRequests() -> Request {
    Request(rawValue: requests.exchange(0, ordering: .relaxed))
  }
}
