import Core
import Glibc

/// Brings what a dead process left in its black box into the files of its session.
public enum SessionRecovery {
  /// What was found.
  public enum Outcome: Hashable, Sendable {
    /// It was closed, or recovered before.
    case nothingToDo
    /// Its last ticks are in the logs now; `forensics` names the file with the 300 ticks before the end.
    case recovered(ticks: Int, forensics: String?)
    /// The machine was started anew since: the files hold what reached the disk, cut to whole lines.
    case cutAfterReboot
  }

  /// Recovers the session in `directory`. Can be cut short and repeated: the outcome is the same.
  /// - Throws: `.inUse` when its process lives, `.notASession`, `.unreadable` when the black box is damaged.
  public static func recover(_ directory: String) throws(SessionError) -> Outcome {
    let path = "\(directory)/\(SessionFileName.blackBox)"
    guard exists("\(directory)/\(SessionFileName.header)"), exists(path) else { throw .notASession(directory) }
    let box = try BlackBox.adopt(path)
    guard box.state == .open else { return .nothingToDo }
    let outcome: Outcome
    if box.boot == bootID(), box.hasQueues, let commit = Commit.load(from: box) {
      outcome = try drain(box, commit, directory)
    } else {
      trimHalfLines(directory)
      outcome = .cutAfterReboot
    }
    unlink("\(directory)/\(SessionFileName.reserve)")
    markHeader(directory)
    box.finish(.recovered)
    return outcome
  }

  private static func drain(
    _ box: BlackBox, _ commit: Commit, _ directory: String
  ) throws(SessionError) -> Outcome {
    var files = try SessionFiles(directory: directory, reserveBytes: 0)
    files.cut(to: commit.lengths)
    let hasRecord = commit.lengths[SessionFiles.Name.record.rawValue] > 0
    var drain = SessionDrain(box: box, files: files, writesRecord: hasRecord, commit: commit)
    drain.step(now: box.monotonic)
    let (frames, damaged) = box.slots()
    // A forensic file of an earlier, cut-short recovery is as good as a new one.
    let present = directoryEntries(directory).first { $0.hasPrefix("forensics-") && $0.hasSuffix("-killed.jsonl") }
    let name =
      present
      ?? Forensics.write(
        box, directory: directory, reason: "killed", time: frames.last?.timing.monotonic ?? box.monotonic)
    drain.write(
      LogRecord(
        tier: .event, subsystem: .session, key: "session.recovered",
        fields: [
          Field("ticks", .integer(frames.count)), Field("damaged", .integer(damaged)),
          Field("forensics", name.map { .text($0) } ?? .null),
        ]))
    drain.finish(now: drain.lastTime)
    return .recovered(ticks: frames.count, forensics: name)
  }

  /// Cuts text files after their last whole line.
  private static func trimHalfLines(_ directory: String) {
    for name in SessionFiles.Name.allCases where name != .record {
      let path = "\(directory)/\(name.fileName)"
      let descriptor = open(path, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var end = lseek(descriptor, 0, SEEK_END)
      var chunk = [UInt8](repeating: 0, count: 4096)
      search: while end > 0 {
        let start = max(0, end - chunk.count)
        let count = pread(descriptor, &chunk, end - start, start)
        guard count > 0 else { break }
        for index in stride(from: count - 1, through: 0, by: -1) where chunk[index] == 0x0A {
          end = start + index + 1
          break search
        }
        end = start
      }
      _ = ftruncate(descriptor, end)
    }
  }

  /// Says in `session.json` that the session was recovered.
  private static func markHeader(_ directory: String) {
    let path = "\(directory)/\(SessionFileName.header)"
    guard let bytes = readFile(path) else { return }
    var text = String(decoding: bytes, as: UTF8.self)
    let mark = "\"complete\":false"
    guard !text.contains("\"recovered\":true"), let range = text.firstRange(of: mark) else { return }
    text.replaceSubrange(range, with: mark + ",\"recovered\":true")
    replaceFile(path, Array(text.utf8))
  }
}
