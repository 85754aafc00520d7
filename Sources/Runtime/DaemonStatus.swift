import Command
import Core
import Foundation
import Motor

/// What a running daemon says of itself, once a second, in a file beside its lock.
public struct DaemonStatus: Sendable {
  public enum State: String, Sendable {
    case waiting, observing, armed, hold, disarmed, ended
  }

  public var state = State.waiting
  public var environment = ""
  public var pid: Int32 = 0
  public var target: Int32?
  public var tick = 0
  public var rule: String?
  public var routine: String?
  public var hold: String?
  public var health: Double?
  public var mana: Double?
  public var zone: Int?
  public var skipped = 0
  public var tickP99 = 0.0
  public var latenessP99 = 0.0
  public var session: String?
  /// Address of the live view.
  public var view: String?

  public init() {}

  public var json: String {
    var json = JSONText()
    json.object {
      $0.member("state", state.rawValue)
      $0.member("environment", environment)
      $0.member("pid", Int(pid))
      if let target { $0.member("target", Int(target)) }
      $0.member("tick", tick)
      if let rule { $0.member("rule", rule) }
      if let routine { $0.member("routine", routine) }
      if let hold { $0.member("hold", hold) }
      if let health { $0.member("health", health) }
      if let mana { $0.member("mana", mana) }
      if let zone { $0.member("zone", zone) }
      $0.member("skipped", skipped)
      $0.member("tick_p99_us", tickP99)
      $0.member("lateness_p99_us", latenessP99)
      if let session { $0.member("session", session) }
      if let view { $0.member("view", view) }
    }
    return json.text
  }

  /// Reads back what `json` wrote.
  public init(json text: String) throws(DataError) {
    let root = try DataNode.parse(text, file: "status")
    state = State(rawValue: try root["state"].string()) ?? .waiting
    environment = try root["environment"].string()
    pid = Int32(try root["pid"].integer(in: 0...Int(Int32.max)))
    tick = try root["tick"].integer()
    skipped = try root["skipped"].integer()
    tickP99 = try root["tick_p99_us"].number()
    latenessP99 = try root["lateness_p99_us"].number()
    if root["target"].exists { target = Int32(try root["target"].integer(in: 0...Int(Int32.max))) }
    rule = try? root["rule"].string()
    routine = try? root["routine"].string()
    hold = try? root["hold"].string()
    health = try? root["health"].number()
    mana = try? root["mana"].number()
    session = try? root["session"].string()
    view = try? root["view"].string()
  }

  /// One line for people.
  public var line: String {
    let doing = hold.map { "holds (\($0))" } ?? rule.map { "\($0)\(routine.map { " → \($0)" } ?? "")" } ?? "idle"
    let vitals = "health \(percent(health)), mana \(percent(mana))"
    return
      "compassd \(pid) on \(environment)\(target.map { " (process \($0))" } ?? ""): \(state.rawValue), tick \(tick), "
      + "\(doing); \(vitals); tick p99 \(tickP99.tenths) us, lateness p99 \(latenessP99.tenths) us, skipped \(skipped)"
      + (view.map { "; \($0)" } ?? "")
  }

  private func percent(_ fraction: Double?) -> String { fraction.map { "\(Int($0 * 100)) %" } ?? "?" }

  /// The socket file and the token file of daemon `pid`.
  static func socketPath(pid: Int32) -> String { "\(RuntimeDirectory.path)/\(pid).socket" }
  static func tokenPath(pid: Int32) -> String { "\(RuntimeDirectory.path)/\(pid).token" }

  static func path(pid: Int32) -> String { "\(RuntimeDirectory.path)/\(pid).status.json" }

  /// Replaces the file in one step, so that a reader never sees half of it.
  func publish() {
    let path = Self.path(pid: pid)
    try? Data((json + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  }

  func withdraw() { unlink(Self.path(pid: pid)) }

  /// The daemon that is meant: `pid`, or the only one that runs.
  /// - Throws: `CommandError` 69 when it does not run, 64 when several do and none was named.
  public static func find(pid: Int32?) throws -> Int32 {
    let running = running().map(\.pid)
    if let pid {
      guard running.contains(pid) else { throw CommandError(.unavailable, "no compassd of this user runs as \(pid)") }
      return pid
    }
    guard let first = running.first else { throw CommandError(.unavailable, "no compassd of this user runs") }
    guard running.count == 1 else {
      let list = running.map(String.init).joined(separator: ", ")
      throw CommandError(.usage, "\(running.count) daemons run (\(list)); name one with --pid")
    }
    return first
  }

  /// The status of every daemon that runs, as JSON text by process id.
  public static func running() -> [(pid: Int32, json: String)] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: RuntimeDirectory.path)) ?? []).sorted()
    return names.compactMap { name in
      guard name.hasSuffix(".status.json"), let pid = Int32(name.prefix { $0 != "." }) else { return nil }
      guard kill(pid, 0) == 0 || errno == EPERM else {
        for path in [path(pid: pid), socketPath(pid: pid), tokenPath(pid: pid)] { unlink(path) }
        return nil
      }
      guard let data = FileManager.default.contents(atPath: "\(RuntimeDirectory.path)/\(name)") else { return nil }
      return (pid, String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
    }
  }
}
