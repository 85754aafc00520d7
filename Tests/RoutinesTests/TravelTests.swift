import Core
import Lore
import Testing

@testable import Routines

@Suite struct TravelTests {
  /// A line from one zone to another at a place; one arrives in the middle.
  private func line(_ zone: UInt16, _ x: Double, arrive: Double = 0) -> ZoneLine {
    ZoneLine(to: ZoneID(zone), at: Position(x, 0), radius: 10, arrive: Position(arrive, 0))
  }

  private func zone(_ id: UInt16, _ lines: [ZoneLine]) -> Zone {
    Zone(
      id: ZoneID(id), name: "zone \(id)", southWest: Position(-9000, -9000), northEast: Position(9000, 9000),
      lines: lines)
  }

  @Test func `the way leads over the quickest lines, not over the fewest`() throws {
    // Straight to zone 4 it is a walk of 8,000 units; over zones 2 and 3 one of 300.
    let lore = Lore(zones: [
      zone(1, [line(4, 8000), line(2, 100)]), zone(2, [line(3, 100)]), zone(3, [line(4, 100)]), zone(4, []),
    ])
    #expect(lore.line(from: ZoneID(1), to: ZoneID(4))?.to == ZoneID(4))
    let goal = Position(10, 0)
    #expect(lore.exit(from: ZoneID(1), at: Position(0, 0), to: ZoneID(4), goal: goal)?.to == ZoneID(2))
    #expect(lore.exit(from: ZoneID(1), at: Position(7900, 0), to: ZoneID(4), goal: goal)?.to == ZoneID(4))
    #expect(lore.exit(from: ZoneID(4), at: Position(0, 0), to: ZoneID(1), goal: goal) == nil)
  }
}
