import Core

/// The last ticks before something went wrong, as a file of its own.
enum Forensics {
  /// At most so many of one session.
  static let filesMax = 20

  /// Writes `forensics-TIME-REASON.jsonl` with the ticks of the black box: one line on the circumstances, then one
  /// full receipt per tick, oldest first.
  /// - Returns: the name of the file; nil when there were enough already or it could not be written.
  @discardableResult
  static func write(_ box: BlackBox, directory: String, reason: String, time: Int64) -> String? {
    let present = directoryEntries(directory).filter { $0.hasPrefix("forensics-") }
    guard present.count < filesMax else { return nil }
    let word = String(reason.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    let name = "forensics-\(WallClock.compact(box.wall + (time - box.monotonic)))-\(word).jsonl"
    let (frames, damaged) = box.slots()
    var json = JSONText()
    json.object { json in
      json.member("forensics", reason)
      json.member("ticks", frames.count)
      json.member("damaged", damaged)
      json.member("process", Int(clamping: box.load(at: BlackBoxLayout.processAt)))
      json.member(
        "heartbeat", Double(Int64(bitPattern: box.load(at: BlackBoxLayout.heartbeatAt)) - box.monotonic) / 1e9)
      json.member(
        "at",
        (Breadcrumb(rawValue: UInt8(truncatingIfNeeded: box.load(at: BlackBoxLayout.breadcrumbAt))) ?? .idle).name)
      let held = KeySet(bits: box.load(at: BlackBoxLayout.heldAt))
      json.member("held", array: { for key in held { $0.value(key.name) } })
    }
    json.endLine()
    for frame in frames {
      json.object { json in
        frame.write(to: &json, seconds: Double(frame.timing.monotonic - box.monotonic) / 1e9, kind: "full")
        json.member("events", array: { for event in frame.events { $0.value(event.key) } })
      }
      json.endLine()
    }
    return replaceFile("\(directory)/\(name)", json.bytes) == 0 ? name : nil
  }
}
