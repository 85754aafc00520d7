import Core

extension SessionHeader {
  /// A summary with what the writer counted.
  struct Ending {
    var summary: SessionSummary
    var ticks: Int
    var dropped: Int
    var seconds: Double
  }

  /// `session.json`: written without `ending` at the start, with it at the end.
  func json(identity: UInt64, wall: Int64, summary ending: Ending?) -> [UInt8] {
    var json = JSONText()
    var started: [UInt8] = []
    var clock = WallClock()
    clock.append(wall, to: &started)
    json.object { json in
      json.member("format", 1)
      json.member("session", hexadecimal(identity))
      json.member("started", String(decoding: started, as: UTF8.self))
      json.member("mode", mode.rawValue)
      json.member("version", version)
      json.member("build", build)
      json.member("environment", environment)
      json.member("layout", layout)
      json.member("seed", String(seed))
      json.member("phase", Int(phase))
      json.member("configuration", configuration)
      json.key("data")
      json.array { json in
        for data in dataHashes {
          json.object { json in
            json.member("name", data.name)
            json.member("hash", hexadecimal(data.hash))
          }
        }
      }
      json.member("learned_bytes", learned.count)
      json.member("notes", array: { for note in notes { $0.value(note) } })
      json.member("complete", ending != nil)
      guard let ending else { return }
      json.member("reason", ending.summary.reason)
      json.member("ticks", ending.ticks)
      json.member("dropped", ending.dropped)
      json.member("seconds", ending.seconds)
      json.key("figures")
      json.object { json in
        for figure in ending.summary.figures { json.member(figure.name, figure.value) }
      }
    }
    json.endLine()
    return json.bytes
  }
}
