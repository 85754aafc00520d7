import Core

/// Species of which somebody stood beside us for a while and did nothing: they do not attack of their own. Learned
/// from what is seen, taken back when one does attack; bounded, oldest first out.
struct CalmSpecies: Sendable {
  private var species: [FixedName] = []

  static let capacity = 32
  /// So near, and for so long. Units: world units, ticks.
  static let distance = 20.0
  static let ticks: UInt16 = 30

  init() { species.reserveCapacity(Self.capacity) }

  func contains(_ name: FixedName) -> Bool { species.contains(name) }

  mutating func insert(_ name: FixedName) {
    guard !contains(name) else { return }
    if species.count == Self.capacity { species.removeFirst() }
    species.append(name)
  }

  mutating func remove(_ name: FixedName) {
    if let row = species.firstIndex(of: name) { species.remove(at: row) }
  }
}
