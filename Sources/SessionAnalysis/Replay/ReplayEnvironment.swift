import Agent
import Core
import Foundation
import Lore
import Nav
import Telemetry

/// What a replay needs beside the record: the environment's data, as they are now.
struct ReplayEnvironment {
  let lore: Lore
  let file: EnvironmentFile
  /// The session's own environment, whose terrain serves where `file` has none.
  private let own: EnvironmentFile
  /// How this data or build differs from what the session ran with; the comparison is made anyway.
  var remarks: [String] = []

  /// - Parameter data: another environment to take lore, kits, camps and policy from.
  /// - Throws: `SessionsFailure.badData` when an environment cannot be loaded.
  init(_ info: SessionInfo, data: String? = nil) throws(SessionsFailure) {
    do {
      own = try EnvironmentFile.find(info.environment)
      file = try data.map(EnvironmentFile.find) ?? own
      lore = try Lore.load(environment: file)
    } catch {
      throw .badData("the environment \"\(data ?? info.environment)\" cannot be loaded: \(error)")
    }
    let program = info.mode == "simulated" ? "compass-sim" : "compassd"
    if !info.build.isEmpty, let build = BuildIdentity.beside(program), build != info.build {
      remarks.append("recorded by another build of \(program) (\(info.build) then, \(build) now)")
    }
    if let recorded = info.data.first(where: { $0.name == "lore" })?.hash, recorded != hexadecimal(lore.hash) {
      remarks.append("the lore has changed since (\(recorded) then, \(hexadecimal(lore.hash)) now)")
    }
  }

  /// The configuration that the session ran with.
  func configuration(_ info: SessionInfo, with text: String?) throws(SessionsFailure) -> AgentConfiguration {
    let base = AgentConfiguration(
      turnRate: file.turnRate, runSpeed: file.runSpeed, phase: UInt8(clamping: info.phase))
    do {
      let recorded = try AgentConfiguration(text: info.configuration, file: "session", over: base)
      guard let text else { return recorded }
      return try AgentConfiguration(text: text, file: "--with-config", over: recorded)
    } catch {
      throw .badData(error.description)
    }
  }

  /// The ground of a zone, to walk on.
  func navigator(of zone: ZoneID) throws(SessionsFailure) -> Navigator {
    let terrain = try terrain(of: zone)
    do {
      return try Navigator(terrain: terrain, speed: file.runSpeed)
    } catch {
      throw refusal(of: zone, error)
    }
  }

  /// The terrain of a zone, from the file that `compass-terrain` built.
  func terrain(of zone: ZoneID) throws(SessionsFailure) -> Terrain {
    guard let name = lore.zone(zone)?.name else {
      throw .badData("zone \(zone.raw) is not in the environment's zones")
    }
    do {
      let path = file.terrain(zone: name).path
      return try Terrain(path: FileManager.default.fileExists(atPath: path) ? path : own.terrain(zone: name).path)
    } catch {
      throw refusal(of: zone, error)
    }
  }

  private func refusal(of zone: ZoneID, _ error: any Error) -> SessionsFailure {
    .badData(
      "the terrain of \(lore.zone(zone)?.name ?? "zone \(zone.raw)") cannot be opened: \(error); "
        + "run: compass-terrain rebuild --environment \(file.name)")
  }
}
