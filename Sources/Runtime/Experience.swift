import Command
import Core
import Foundation
import Learning
import Synchronization

/// What was learned, between sessions: loaded before the first tick, saved every few minutes and at the end, off the
/// tick thread.
final class Experience: Sendable {
  private let file: LearningFile
  private let queue = DispatchQueue(label: "compass-learning", qos: .utility)
  private let fault = Mutex<String?>(nil)

  /// Slots between two saves: three minutes.
  static let saveSlots = 1800

  /// What a session begins with, and the same as bytes for its record.
  struct Start {
    var state: LearnedState
    var image: [UInt8]
  }

  init(path: String) { file = LearningFile(path: path) }

  var path: String { file.path }

  /// Reads what there is. The clock of the evidence goes on at the wall clock, and never back.
  func load() throws -> Start {
    let opened: LearningFile.Opened
    do {
      opened = try file.open()
    } catch {
      if case .newer = error { throw CommandError(.badConfiguration, "\(error), or begin without (--no-learned)") }
      throw CommandError(.inputOutput, error.description)
    }
    for remark in opened.remarks { say("compassd: \(remark)") }
    var state = opened.state ?? LearnedState()
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    state.epoch = max(state.epoch, Double(now.tv_sec))
    let image = try LearningStore.image(of: state)
    // The very value that a replay will begin with.
    return Start(state: try LearningStore.state(image: image), image: image)
  }

  /// Saves in the background.
  func save(_ state: LearnedState, at tick: Tick) {
    queue.async { [self] in write(state, tick) }
  }

  /// Saves now, after whatever is still being saved.
  func finish(_ state: LearnedState, at tick: Tick) {
    queue.sync { write(state, tick) }
  }

  /// Says why saving failed, once for each new reason.
  private func write(_ state: LearnedState, _ tick: Tick) {
    var state = state
    state.epoch = state.seconds(at: tick)
    do {
      try file.save(state)
      fault.withLock { $0 = nil }
    } catch {
      let text = error.description
      let isNew = fault.withLock { known in
        defer { known = text }
        return known != text
      }
      if isNew { say("compassd: what was learned could not be saved: \(text)") }
    }
  }
}
