import Core
import Foundation
import Lore
import Nav
import Synchronization

/// Opens the terrain of zones off the tick thread and hands it over at the start of a tick.
final class ZoneLoader: Sendable {
  enum Result: Sendable {
    case ready(ZoneID, Navigator)
    case failed(ZoneID, String)
  }

  private let environment: EnvironmentFile
  private let lore: Lore
  /// Is shown the ground of each zone that was opened, on the loader's thread.
  private let showGround: @Sendable (ZoneID, Terrain) -> Void
  private let results = Mutex<[Result]>([])

  init(
    environment: EnvironmentFile, lore: Lore,
    showGround: @escaping @Sendable (ZoneID, Terrain) -> Void = { _, _ in }
  ) {
    self.showGround = showGround
    self.environment = environment
    self.lore = lore
  }

  /// Starts opening the terrain of `zone`.
  func request(_ zone: ZoneID) {
    guard let name = lore.zone(zone)?.name else {
      results.withLock { $0.append(.failed(zone, "zone \(zone.raw) is not in the environment's zones")) }
      return
    }
    let path = environment.terrain(zone: name).path
    let speed = environment.runSpeed
    let loader = self
    let thread = Thread {
      do {
        let terrain = try Terrain(path: path)
        let navigator = try Navigator(terrain: terrain, speed: speed)
        navigator.prepare()
        loader.results.withLock { $0.append(.ready(zone, navigator)) }
        loader.showGround(zone, terrain)
      } catch {
        let why = "\(error); run: compass-terrain rebuild --environment \(loader.environment.name)"
        loader.results.withLock { $0.append(.failed(zone, why)) }
      }
    }
    thread.start()
  }

  /// What came since the last call, at most one zone a tick.
  func take() -> Result? {
    results.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
