import Glibc
import Synchronization

/// What signals have asked for since the start; signal handlers can do no more than set these.
enum Signals {
  static let isTermination = Atomic<Bool>(false)
  static let isScreenshot = Atomic<Bool>(false)

  static func install() {
    signal(SIGTERM) { _ in Signals.isTermination.store(true, ordering: .relaxed) }
    signal(SIGINT) { _ in Signals.isTermination.store(true, ordering: .relaxed) }
    signal(SIGUSR1) { _ in Signals.isScreenshot.store(true, ordering: .relaxed) }
    signal(SIGPIPE, SIG_IGN)
    // Whoever started this program may have had them blocked.
    var asked = sigset_t()
    sigemptyset(&asked)
    for number in [SIGTERM, SIGINT, SIGUSR1] { sigaddset(&asked, number) }
    pthread_sigmask(SIG_UNBLOCK, &asked, nil)
  }
}
