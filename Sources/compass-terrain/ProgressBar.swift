import Command
import Glibc
import Synchronization

/// A bar on stderr, when that is a terminal.
final class ProgressBar: Sendable {
  private let title: String
  private let isShown: Bool
  private let last = Atomic<Int>(-1)

  init(_ title: String) {
    self.title = title
    isShown = isatty(2) == 1
  }

  func show(_ part: Double) {
    guard isShown else { return }
    let percent = Int(min(max(part, 0), 1) * 100)
    guard last.exchange(percent, ordering: .relaxed) != percent else { return }
    let filled = percent / 4
    write(
      "\r\(title) [\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 25 - filled))] \(percent) %"
    )
  }

  func end() {
    guard isShown, last.load(ordering: .relaxed) >= 0 else { return }
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) {
    _ = text.withCString { Glibc.write(2, $0, strlen($0)) }
  }
}
