import Command
import Glibc
import Perception

/// A target that was found, checked and opened.
struct Attachment {
  let memory: ProcessMemory
  let reader: SnapshotReader
  let layout: String

  /// Opens process `pid` and tries the environment's layouts in order.
  /// - Throws: `CommandError` 77 when reading is refused, 69 when it is not the program that any layout is for.
  init(pid: Int32, environment: LoadedEnvironment) throws {
    let memory: ProcessMemory
    do {
      memory = try ProcessMemory(pid: pid)
    } catch {
      if case .refused = error { throw CommandError(.noPermission, error.description) }
      throw CommandError(.unavailable, error.description)
    }
    var reasons: [String] = []
    for plan in environment.layouts {
      do {
        let anchors = try AnchorResolver(memory: memory).addresses(for: plan.layout)
        self.memory = memory
        reader = SnapshotReader(plan: plan, memory: memory, anchors: anchors)
        layout = plan.layout.name
        return
      } catch {
        reasons.append("  layout \(plan.layout.name): \(error)")
      }
    }
    let name = ProcessFile.programName(pid: pid) ?? "?"
    throw CommandError(
      .unavailable,
      "process \(pid) (\(name)) is not the program that environment \(environment.file.name) is for; not armed:\n"
        + reasons.joined(separator: "\n"))
  }

  /// As `init`, but gives a process that has just been started a few seconds to set up its memory.
  static func patient(pid: Int32, environment: LoadedEnvironment) throws -> Attachment {
    while true {
      do {
        return try Attachment(pid: pid, environment: environment)
      } catch let error as CommandError {
        guard error.code == .unavailable, let age = age(pid: pid), age < 10, Signals.received == nil else {
          throw error
        }
        usleep(100_000)
      }
    }
  }

  /// Seconds since process `pid` was started; nil when it is gone.
  private static func age(pid: Int32) -> Double? {
    guard let start = ProcessFile.startTime(pid: pid) else { return nil }
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    let seconds = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    return seconds - Double(start) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The process to attach to: the one that was named, else the only one that runs the program.
  static func find(_ options: DaemonOptions, _ environment: LoadedEnvironment) throws -> Int32 {
    if let pid = options.pid { return pid }
    let name = options.processName ?? environment.file.process
    let found = ProcessFile.processes(named: name)
    guard let pid = found.first else {
      throw CommandError(.unavailable, "no process runs \(name); start it first, or name one with --pid")
    }
    guard found.count == 1 else {
      let list = found.map(String.init).joined(separator: ", ")
      throw CommandError(.unavailable, "\(found.count) processes run \(name) (\(list)); name one with --pid")
    }
    return pid
  }
}
