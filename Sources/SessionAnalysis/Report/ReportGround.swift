import Core
import Nav
import Telemetry

/// The ground of a zone under the map of a report.
public struct ReportGround: Sendable {
  let zone: Int
  let name: String
  let ground: GroundShades?

  /// Of every zone that the session saw; a zone without terrain has its name alone, and none is known where the
  /// session's environment is not at hand.
  public static func all(of session: SessionDigest) -> [ReportGround] {
    guard let environment = try? ReplayEnvironment(session.info) else { return [] }
    var found: [ReportGround] = []
    for number in session.zones.keys.sorted() {
      guard let raw = UInt16(exactly: number), let zone = environment.lore.zone(ZoneID(raw)) else { continue }
      let terrain = try? environment.terrain(of: ZoneID(raw))
      found.append(ReportGround(zone: number, name: zone.name, ground: terrain.map { GroundShades($0) }))
    }
    return found
  }

  func write(to json: inout JSONText) {
    json.object { json in
      json.member("zone", zone)
      json.member("name", name)
      guard let ground else { return }
      json.member("x", ground.origin.x)
      json.member("y", ground.origin.y)
      json.member("cell", ground.cell)
      json.member("columns", ground.columns)
      json.member("rows", ground.rows)
      // One letter a cell: "a" is 0.
      json.member("shades", String(decoding: ground.shades.map { UInt8(ascii: "a") + min(25, $0) }, as: UTF8.self))
    }
  }
}
