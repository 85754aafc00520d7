import Core
import Telemetry

/// What happened, in order: stretches of routines with the events inside them.
public enum Timeline {
  /// Lines "time tick what".
  public static func text(_ session: SessionDigest) -> String {
    var entries: [(time: Double, order: Int, line: String)] = []
    for stretch in session.stretches {
      let name = stretch.routine == 0 ? stretch.layer : session.routines[stretch.routine]
      let length = (stretch.end - stretch.start).tenths
      entries.append((stretch.start, 0, "\(stamp(stretch.start)) #\(stretch.first) \(name), \(length) s"))
    }
    for event in session.events where event.key != "snapshot" {
      let words = event.fields.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      entries.append((event.time, 1, "\(stamp(event.time)) #\(event.tick)     \(event.key) \(words)"))
    }
    return entries.sorted { ($0.time, $0.order) < ($1.time, $1.order) }.map { $0.line.printable }
      .joined(separator: "\n")
  }

  /// `stretches` and `events`, each in order.
  public static func json(_ session: SessionDigest) -> String {
    var json = JSONText()
    json.object { json in
      json.key("stretches")
      json.array { json in
        for stretch in session.stretches {
          json.object { json in
            json.member("tick", stretch.first)
            json.member("t", stretch.start)
            json.member("seconds", stretch.end - stretch.start)
            json.member("layer", stretch.layer)
            json.member("routine", session.routines[stretch.routine])
          }
        }
      }
      json.key("events")
      json.array { json in
        for event in session.events where event.key != "snapshot" {
          json.object { json in
            json.member("tick", event.tick)
            json.member("t", event.time)
            json.member("event", event.key)
            for field in event.fields where field.key != "event" { json.member(field.key, field.value) }
          }
        }
      }
    }
    return json.text
  }

  private static func stamp(_ seconds: Double) -> String {
    let tenths = Int(max(0, min(seconds, 1e9)) * 10)
    let rest = tenths % 600
    return "\(pad("\(tenths / 600):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)", 9))"
  }
}
