import Command
import Core
import Foundation
import Lore
import Nav
import Perception
import Routines
import Synchronization
import World

/// What all runs of a simulation share; read and checked once.
public final class SimulationData: Sendable {
  public let world: WorldData
  public let environment: EnvironmentFile
  public let lore: Lore
  let plan: LayoutPlan
  let translation: KeyTranslation
  private let grounds = Mutex<[UInt16: (terrain: Terrain, far: FarMap?)]>([:])

  /// - Throws: `CommandError` 66 for an unknown environment, 78 for faulty data.
  public init(environment name: String) throws {
    do {
      environment = try EnvironmentFile.find(name)
    } catch let error as UnknownEnvironment {
      throw CommandError(.noInput, error.description)
    }
    do {
      world = try WorldData.load(directory: EnvironmentFile.dataRoot().appending(path: "worlds/sandbox").path)
      lore = try Lore.load(environment: environment)
      let layout = environment.layouts[0]
      plan = try LayoutPlan(layout: try Layout.parse(try Data(contentsOf: layout), file: layout.path))
      translation = try KeyTranslation(keys: environment.keys, client: world.keys)
    } catch {
      throw CommandError(.badConfiguration, "\(error)")
    }
  }

  /// The same with other lore, for players that shall know or want something else.
  init(_ other: SimulationData, lore: Lore) {
    world = other.world
    environment = other.environment
    self.lore = lore
    plan = other.plan
    translation = other.translation
  }

  /// A navigator of the caller's own on the shared terrain of `zone`.
  /// - Parameter meter: Told of every question, for measurements.
  /// - Throws: `CommandError` 66 when the terrain has not been built.
  public func navigator(zone: ZoneID, meter: Navigator.Meter? = nil) throws -> Navigator {
    guard let name = lore.zone(zone)?.name else {
      throw CommandError(.badConfiguration, "zone \(zone.raw) is not in the environment's zones")
    }
    do {
      let speed = environment.runSpeed
      let ground = try grounds.withLock { grounds in
        if let ground = grounds[zone.raw] { return ground }
        let terrain = try Terrain(path: environment.terrain(zone: name).path)
        let ground = (terrain: terrain, far: FarMap(try Floors(terrain, speed: speed), speed: speed))
        grounds[zone.raw] = ground
        return ground
      }
      let navigator = try Navigator(terrain: ground.terrain, speed: speed, far: ground.far, meter: meter)
      navigator.prepare()
      return navigator
    } catch {
      throw CommandError(
        .noInput,
        "\(error); run: compass-sandbox assets && compass-terrain rebuild --environment \(environment.name)")
    }
  }

  var body: BodyProfile { BodyProfile(turnRate: environment.turnRate, runSpeed: environment.runSpeed) }
}

/// From the agent's key actions to the client's own commands, by way of the keys that both sides name.
struct KeyTranslation: Sendable {
  private let keys: [ClientKey?]

  init(keys file: URL, client: [(keysym: String, key: ClientKey)]) throws {
    let root = try DataNode.parse(try Data(contentsOf: file), file: file.path)
    var keys: [ClientKey?] = Array(repeating: nil, count: KeyAction.allCases.count)
    for (name, node) in try root["bindings"].object() {
      guard let action = KeyAction(name: name) else { throw node.error("there is no key action \"\(name)\"") }
      let keysym = try node.string()
      keys[Int(action.rawValue)] = client.first { $0.keysym == keysym }?.key
    }
    self.keys = keys
  }

  subscript(action: KeyAction) -> ClientKey? { keys[Int(action.rawValue)] }
}
