import Core
import Foundation
import Telemetry
import TestSupport

/// Sessions that show one fault each, kept under `Tests/SessionLogs`: what every later analyzer must still see in them.
///
/// `UPDATE_GOLDEN=1` records them anew. Only what the checks read is kept, packed.
enum KeptLogs {
  static let folder = Repository.root.appending(path: "Tests/SessionLogs")

  static var names: Set<String> { Set(directoryEntries(folder.path)) }

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// A session that is good but for `fault`, with no more digits than it needs.
  static func record(_ fault: KeptFault?, to directory: String) throws {
    var session = SyntheticSession()
    session.mode = fault?.mode ?? .live
    session.ticks = fault?.ticks ?? 3100
    session.change = { record in
      record.timing.lateness = 100_000
      record.timing.reading = 120_000
      record.timing.thinking = 300_000 + Int64(record.tick.slot % 7) * 50_000
      record.vitals.position = record.vitals.position.map { Position($0.x.rounded(), $0.y.rounded(), $0.z) }
      record.vitals.health = record.vitals.health.map { ($0 * 100).rounded() / 100 }
      record.vitals.mana = record.vitals.mana.map { ($0 * 100).rounded() / 100 }
      record.decisionHash = 0
      record.events.removeAll {
        if case .playerDeath = $0 { true } else if case .incident = $0 { true } else { false }
      }
      return fault?.change(&record) ?? true
    }
    session.extra = { writer in
      guard fault?.check == "dropouts" else { return }
      writer.log(.event, .session, "log.dropout", [("cause", .text("disk"))], monotonic: 9)
    }
    try session.write(to: directory, summary: fault?.isClosed ?? true ? SessionSummary(reason: "duration") : nil)
  }

  static func write(_ faults: [KeptFault]) throws {
    let scratch = try Repository.temporaryDirectory("kept")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try? FileManager.default.removeItem(at: folder)
    for (name, fault) in faults.map({ ($0.check, $0 as KeptFault?) }) + [("good", nil)] {
      let source = scratch.appending(path: name)
      try record(fault, to: source.path)
      let target = folder.appending(path: name)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: source.appending(path: SessionFileName.header), to: target.appending(path: SessionFileName.header))
      for file in [SessionFileName.events, SessionFileName.decisions] {
        let packed = RecordCompressor.compressed(
          [UInt8](try Data(contentsOf: source.appending(path: file))), level: 19)
        try Data(packed).write(to: target.appending(path: file + ".zst"))
      }
    }
  }
}
