import CLinux
import Command
import Foundation
import LiveView

/// `compassd status --watch`: asks a running daemon for its screenful of text, again and again.
public enum StatusWatch {
  /// Until the daemon ends, or `seconds` have gone by.
  /// - Throws: `CommandError` 69 when no daemon runs, or when it stops answering.
  public static func run(pid: Int32?, every: Double, seconds: Double?) throws -> ExitCode {
    let pid = try DaemonStatus.find(pid: pid)
    let isTerminal = isatty(1) == 1
    let start = linux_monotonic_nanoseconds()
    while true {
      guard let answer = LiveClient.get("/status.txt", socket: DaemonStatus.socketPath(pid: pid)),
        answer.status == 200
      else {
        // One that is ending closes its socket first.
        let deadline = linux_monotonic_nanoseconds() + 2_000_000_000
        while kill(pid, 0) == 0 || errno == EPERM {
          guard linux_monotonic_nanoseconds() < deadline else {
            throw CommandError(.unavailable, "compassd \(pid) runs but does not answer; it may just be starting")
          }
          usleep(50_000)
        }
        throw CommandError(.unavailable, "compassd \(pid) has ended")
      }
      // On a terminal each picture is drawn over the one before.
      emit(isTerminal ? "\u{1B}[H\u{1B}[2J" + answer.body : answer.body)
      if let seconds, Double(linux_monotonic_nanoseconds() - start) / 1e9 + every > seconds { return .success }
      usleep(UInt32(min(every, 3600) * 1_000_000))
    }
  }
}
