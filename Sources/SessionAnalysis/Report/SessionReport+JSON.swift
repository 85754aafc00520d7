import Core
import Telemetry

extension SessionReport {
  /// One object with everything the text says.
  public var json: String {
    var json = JSONText()
    json.object { json in
      write(session.info, to: &json)
      json.key("figures")
      json.object { json in
        for (name, value) in figures {
          json.key(name)
          if let value { json.value(value) } else { json.null() }
        }
      }
      json.key("time_by_routine")
      json.object { json in
        for (name, part) in timeByRoutine { json.member(name, part) }
      }
      json.key("scorecard")
      json.object { json in
        json.member("grade", scorecard.grade)
        for dimension in scorecard.dimensions {
          json.key(dimension.name)
          if let mark = dimension.mark { json.value(mark) } else { json.null() }
        }
      }
      json.key("phases")
      json.object { json in
        for (name, seconds) in phases { json.member(name, seconds) }
      }
      json.member("incidents", array: { for incident in incidents { $0.value(incident.text) } })
      json.key("events")
      json.object { json in
        for (key, count) in session.eventCounts.sorted(by: { $0.key < $1.key }) { json.member(key, count) }
      }
      json.key("checks")
      json.array { json in
        for (name, result) in checks { write(name, result, to: &json) }
      }
      json.member("verdict", verdict.rawValue)
      json.member("recommendations", array: { for line in recommendations { $0.value(line) } })
    }
    return json.text
  }

  private func write(_ info: SessionInfo, to json: inout JSONText) {
    json.member("directory", info.directory)
    json.member("environment", info.environment)
    json.member("mode", info.mode)
    json.member("started", info.started)
    json.member("version", info.version)
    json.member("seed", String(info.seed))
    json.member("complete", info.isComplete)
    json.member("recovered", info.isRecovered)
    json.member("reason", info.reason)
    json.member("lines", session.reading.lines)
    json.member("lines_skipped", session.reading.skipped + session.reading.tooLong)
  }

  private func write(_ name: String, _ result: CheckResult, to json: inout JSONText) {
    json.object { json in
      json.member("name", name)
      json.member("verdict", result.verdict.rawValue)
      json.member("sentence", result.sentence)
      if let value = result.value { json.member("value", value) }
      if let threshold = result.threshold { json.member("threshold", threshold) }
      if let ticks = result.ticks {
        json.member("from_tick", ticks.lowerBound)
        json.member("to_tick", ticks.upperBound)
      }
      if !result.advice.isEmpty { json.member("advice", result.advice) }
    }
  }
}
