import Agent
import Brain
import Core
import Telemetry

/// What no receipt holds of a tick, because it would be too much for every one: the points of all candidates, and the
/// plan. Comes from living through the record up to that tick.
public struct WhyTarget: Sendable {
  public let frame: TickFrame
  /// Those that were scored, best first, then those that were rejected.
  public let targets: [TargetBreakdown]
  /// The plan under way in words, with what its steps need and give; nil without one.
  public let plan: String?
  /// The replay weighed others, or otherwise, than what was recorded: another build, or another's data.
  public let differs: Bool

  /// - Throws: `.noInput` when the session has no such tick, `.badData` when it cannot be replayed so far.
  public init(tick: Int, of directory: String) throws {
    frame = try Why.tick(tick, of: directory)
    guard let agent = try Replay.agent(at: tick, of: directory) else {
      throw SessionsFailure.badData("\(directory): the record cannot be replayed up to tick \(tick)")
    }
    let weighed = agent.targetBreakdown.map(\.candidate)
    targets = agent.targetBreakdown
    plan = agent.planExplanation
    differs = frame.receipt.candidates.contains { !weighed.contains($0) }
  }

  /// All factors of one candidate.
  static func line(_ target: TargetBreakdown) -> String {
    target.parts.map { part in
      let weight = part.weight == 1 ? "" : " x\(part.weight.hundredths)"
      return "\(part.name) \(part.points.hundredths)\(weight)"
    }.joined(separator: ", ")
  }

  /// Lines to follow the receipt.
  var lines: [String] {
    var lines = targets.isEmpty ? [] : ["points"]
    for target in targets {
      lines.append("  \(target.isChosen ? ">" : " ") \(target.candidate.text)")
      lines.append("      " + Self.line(target))
    }
    for (index, line) in (plan ?? "").split(separator: "\n").enumerated() {
      lines.append((index == 0 ? "plan     " : "         ") + line)
    }
    if differs { lines.append("note     the replay weighed otherwise than the record: another build or other data") }
    return lines
  }

  /// Why the entity is not the one that was hunted.
  public func text(of id: EntityID) -> String {
    let chosen = targets.first(where: \.isChosen)
    guard let target = targets.first(where: { $0.candidate.id == id }) else {
      return targets.isEmpty
        ? "tick \(frame.tick.slot): no target was sought (\(frame.receipt.sentence))"
        : "tick \(frame.tick.slot): \(id.raw) is not among those that were weighed: "
          + targets.map { "\($0.candidate.id.raw)" }.joined(separator: ", ")
    }
    var lines = ["tick \(frame.tick.slot): \(target.candidate.text)"]
    if target.isChosen {
      lines.append("it is the one that was chosen: " + Self.line(target))
    } else if let chosen {
      lines.append("chosen was \(chosen.candidate.text); factor, its points, those of the chosen, what that made")
      for (part, other) in zip(target.parts, chosen.parts) {
        let difference = (part.points - other.points) * part.weight
        lines.append(
          "  \(pad(part.name, 19)) \(pad(part.points.hundredths, 9)) \(pad(other.points.hundredths, 9)) "
            + difference.hundredths)
      }
    } else {
      lines.append("nobody was chosen: " + Self.line(target))
    }
    if differs { lines.append("note: the replay weighed otherwise than the record: another build or other data") }
    return lines.map(\.printable).joined(separator: "\n")
  }

  /// One object per candidate.
  public func write(to json: inout JSONText) {
    json.key("targets")
    json.array { json in
      for target in targets {
        json.object { json in
          json.member("id", Int(target.candidate.id.raw))
          json.member("name", target.candidate.name.description)
          json.member("score", target.candidate.score)
          json.member("reject", target.candidate.reject.name)
          json.member("chosen", target.isChosen)
          json.key("points")
          json.object { json in
            for part in target.parts { json.member(part.name, part.points) }
          }
          json.key("weights")
          json.object { json in
            for part in target.parts { json.member(part.name, part.weight) }
          }
        }
      }
    }
    if let plan { json.member("plan", plan) }
    json.member("replay_differs", differs)
  }

  public func json(of id: EntityID? = nil) -> String {
    var json = JSONText()
    json.object { json in
      json.member("tick", frame.tick.slot)
      if let id { json.member("entity", Int(id.raw)) }
      write(to: &json)
    }
    return json.text
  }
}
