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
  private let results = Mutex<[Result]>([])

  init(environment: EnvironmentFile, lore: Lore) {
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
      let result: Result
      do {
        result = .ready(zone, try Navigator(terrain: Terrain(path: path), speed: speed))
      } catch {
        result = .failed(
          zone, "\(error); run: compass-terrain rebuild --environment \(loader.environment.name)")
      }
      loader.results.withLock { $0.append(result) }
    }
    thread.start()
  }

  /// What came since the last call, at most one zone a tick.
  func take() -> Result? {
    results.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
