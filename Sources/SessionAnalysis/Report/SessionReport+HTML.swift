import Core
import Telemetry

extension SessionReport {
  /// One page that needs nothing else: data as JSON, drawing in a script of its own.
  /// - Parameter grounds: What lies under the map, zone by zone.
  public func html(grounds: [ReportGround] = []) -> String {
    Page.template
      .replacingOccurrence(
        of: "{{TITLE}}", with: escaped("Session \(session.info.started) in \(session.info.environment)")
      )
      .replacingOccurrence(of: "{{STYLE}}", with: Page.style)
      .replacingOccurrence(of: "{{DATA}}", with: pageData(grounds))
      .replacingOccurrence(of: "{{SCRIPT}}", with: Page.script)
  }

  private func escaped(_ text: String) -> String {
    text.printable.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }

  /// `JSONText` writes "<" as an escape, so no name can end the script.
  private func pageData(_ grounds: [ReportGround]) -> String {
    var json = JSONText()
    json.object { json in
      writeHead(to: &json)
      json.key("grounds")
      json.array { json in
        for ground in grounds { ground.write(to: &json) }
      }
      writeSamples(to: &json)
      writeEvents(to: &json)
      writeStories(to: &json)
      writeTimes(to: &json)
    }
    return json.text
  }

  private func writeHead(to json: inout JSONText) {
    let info = session.info
    json.member("title", "\(info.environment) \(info.layout)")
    json.member(
      "sub",
      "\(info.mode) session, started \(info.started), \(clock(session.seconds)), version \(info.version), seed \(info.seed), "
        + info.state)
    json.key("tiles")
    json.array { json in
      for (name, value) in tiles {
        json.array { json in
          json.value(name)
          json.value(value)
        }
      }
    }
    json.key("checks")
    json.array { json in
      for (name, result) in checks {
        json.object { json in
          json.member("name", name)
          json.member("verdict", result.verdict.rawValue)
          json.member("text", result.sentence)
          if let ticks = result.ticks { json.member("tick", ticks.lowerBound) }
        }
      }
    }
    json.member("advice", array: { for line in recommendations { $0.value(line) } })
    json.key("score")
    json.object { json in
      json.member("grade", scorecard.grade)
      json.key("marks")
      json.array { json in
        for dimension in scorecard.dimensions {
          json.array { json in
            json.value(dimension.name)
            if let mark = dimension.mark { json.value(rounded(mark)) } else { json.null() }
            json.value(dimension.evidence)
          }
        }
      }
    }
    json.member("routines", array: { for name in session.routines { $0.value(name) } })
    json.key("split")
    json.array { json in
      for (name, part) in timeByRoutine {
        json.array { json in
          json.value(name)
          json.value(part)
        }
      }
    }
  }

  private var tiles: [(String, String)] {
    func value(_ name: String, _ digits: (Double) -> String) -> String {
      figures.first { $0.name == name }?.value.map(digits) ?? "-"
    }
    let pulls = session.success("pull.result").map { "\($0.ok) of \($0.of)" } ?? "-"
    return [
      ("defeats", "\(session.defeats)"), ("an hour", value("defeats_per_hour") { $0.tenths }),
      ("deaths", "\(session.deaths)"), ("flees", "\(session.flees)"), ("looted", "\(session.loots)"),
      ("rests", "\(session.rests)"), ("pulls that worked", pulls), ("stuck", "\(session.count("stuck"))"),
    ]
      + (session.busy.max == 0
        ? []
        : [
          ("tick p99, ms", value("tick_ms_p99") { $0.hundredths }),
          ("lateness p99, ms", value("late_ms_p99") { $0.hundredths }),
        ])
  }

  private func writeSamples(to json: inout JSONText) {
    json.key("samples")
    json.array { json in
      for sample in session.samples {
        json.array { json in
          json.value(sample.tick)
          json.value(rounded(sample.time))
          json.value(rounded(sample.x))
          json.value(rounded(sample.y))
          json.value(sample.zone)
          json.value(rounded(sample.health))
          json.value(rounded(sample.mana))
          json.value(sample.routine)
        }
      }
    }
    json.key("stretches")
    json.array { json in
      for stretch in session.stretches.prefix(20_000) {
        json.array { json in
          json.value(rounded(stretch.start))
          json.value(rounded(stretch.end))
          json.value(stretch.routine)
        }
      }
    }
  }

  private static let shownKeys: Set<String> = [
    "encounter.end", "player.death", "stuck", "flee.trigger", "loot", "circuit.open", "fault", "recovery",
    "invariant.breach", "player.level", "zone.change", "phase.change", "cycle.complete", "log.dropout",
    "session.recovered", "hold", "plan.invalidated", "incident", "anomaly", "activity.change",
  ]

  private func writeEvents(to json: inout JSONText) {
    json.key("events")
    json.array { json in
      for event in session.events where Self.shownKeys.contains(event.key) {
        json.object { json in
          json.member("t", rounded(event.time))
          json.member("tick", event.tick)
          json.member("key", event.key)
          json.member(
            "text",
            event.fields.filter { $0.key != "at" }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
          if let outcome = event.field("outcome") { json.member("outcome", outcome) }
          if let at = event.at {
            json.member("at", array: { for number in [at.x, at.y] { $0.value(rounded(number)) } })
          }
        }
      }
    }
  }

  private func writeStories(to json: inout JSONText) {
    json.key("incidents")
    json.array { json in
      for incident in incidents.prefix(500) {
        json.object { json in
          json.member("tick", incident.tick)
          json.member("kind", incident.kind)
          json.member("links", array: { for link in incident.links { $0.value(link) } })
        }
      }
    }
    json.member("parts", array: { for part in CycleSummary.parts { $0.value(part) } })
    json.key("cycles")
    json.array { json in
      for cycle in cycles.cycles.prefix(5000) {
        json.array { json in
          json.value(rounded(cycle.time))
          json.value(rounded(cycle.seconds))
          json.value(cycle.name)
          for part in cycle.split { json.value(rounded(part)) }
        }
      }
    }
  }

  private func writeTimes(to json: inout JSONText) {
    func write(_ name: String, _ histogram: Histogram) {
      let bars = histogram.bars(40)
      json.key(name)
      json.object { json in
        json.member("step", bars.step)
        json.member("counts", array: { for count in bars.counts { $0.value(count) } })
      }
    }
    write("busy", session.busy)
    write("late", session.late)
  }

  private func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}

extension String {
  /// The string with the first occurrence of `mark` replaced.
  fileprivate func replacingOccurrence(of mark: String, with text: String) -> String {
    guard let range = firstRange(of: mark) else { return self }
    return String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
