import Synchronization

/// The map of a large zone in little on which long routes are planned; made once, shared by all navigators of the
/// zone. A class because they share what one of them has made.
///
/// Making it takes tenths of a second for 4096 × 4096 cells: `Navigator.prepare` does it where a zone is loaded, else
/// it happens in the first search that grows long. It is the same either way. Memory: about 2 MB at that size. Routes
/// planned on it cost at most 2 % more than the best one (measured by `compass-bench path --scale 8`: half a percent
/// more at the 95th percentile).
public final class FarMap: Sendable {
  /// What it is for.
  let speed: Double
  let rates: SurfaceRates
  private let made = Mutex<FarGraph?>(nil)

  /// Zones with no side longer than this do without. Unit: cells.
  public static let sideLeast = 1024

  /// The map of a zone, not made yet; nil where the zone is small.
  public init?(_ floors: Floors, speed: Double = 30, rates: SurfaceRates = SurfaceRates()) {
    guard floors.sheets.contains(where: { max($0.walk.width, $0.walk.height) > Self.sideLeast }) else { return nil }
    self.speed = speed
    self.rates = rates
  }

  /// The graph, made now if it is not yet.
  func graph(_ grounds: [SheetGround], links: [FloorLink], unitsPerSecond: Double) -> FarGraph {
    made.withLock { graph in
      if let graph { return graph }
      let new = FarGraph(grounds, links: links, rates: rates, unitsPerSecond: unitsPerSecond)
      graph = new
      return new
    }
  }
}
