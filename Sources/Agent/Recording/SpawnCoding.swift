import Core
import Glibc
import Perception
import Telemetry

// The spawn list as its difference from the list before. Entities keep their order mostly, so the coder walks both
// lists: runs of unchanged entities cost two bytes, an entity that moved costs its few changed numbers.
//
// Operations: 0 end; 1 run of n equal; 2 the next one changed (mask, values); 3 leave out n of the old list; 4 a new one.

private enum Operation: UInt8 {
  case end, equal, changed, leaveOut, new
}

private struct SpawnParts: OptionSet {
  let rawValue: UInt64
  static let x = SpawnParts(rawValue: 1 << 0)
  static let y = SpawnParts(rawValue: 1 << 1)
  static let z = SpawnParts(rawValue: 1 << 2)
  static let heading = SpawnParts(rawValue: 1 << 3)
  static let health = SpawnParts(rawValue: 1 << 4)
  static let target = SpawnParts(rawValue: 1 << 5)
  static let velocity = SpawnParts(rawValue: 1 << 6)
  static let body = SpawnParts(rawValue: 1 << 7)
  static let kind = SpawnParts(rawValue: 1 << 8)
  static let owner = SpawnParts(rawValue: 1 << 9)
  static let traits = SpawnParts(rawValue: 1 << 10)
  static let name = SpawnParts(rawValue: 1 << 11)

  init(rawValue: UInt64) { self.rawValue = rawValue }

  @inline(__always) init(_ spawn: Spawn, after last: Spawn) {
    var bits: UInt64 = 0
    if spawn.position.x.bitPattern != last.position.x.bitPattern { bits |= Self.x.rawValue }
    if spawn.position.y.bitPattern != last.position.y.bitPattern { bits |= Self.y.rawValue }
    if spawn.position.z.bitPattern != last.position.z.bitPattern { bits |= Self.z.rawValue }
    if spawn.heading.units.bitPattern != last.heading.units.bitPattern { bits |= Self.heading.rawValue }
    if spawn.healthFraction?.bitPattern != last.healthFraction?.bitPattern { bits |= Self.health.rawValue }
    if spawn.target != last.target { bits |= Self.target.rawValue }
    if !same(spawn.velocity, last.velocity) { bits |= Self.velocity.rawValue }
    if spawn.body != last.body { bits |= Self.body.rawValue }
    if spawn.kind != last.kind { bits |= Self.kind.rawValue }
    if spawn.owner != last.owner { bits |= Self.owner.rawValue }
    if spawn.level != last.level || spawn.race != last.race || spawn.classID != last.classID {
      bits |= Self.traits.rawValue
    }
    if spawn.name != last.name { bits |= Self.name.rawValue }
    rawValue = bits
  }
}

/// Equal bit for bit.
func isSame(_ left: Spawn, _ right: Spawn) -> Bool {
  left.id == right.id && SpawnParts(left, after: right).isEmpty
}

/// Equal byte for byte. Bytes between fields may differ in equals, which are then compared by field.
@inline(__always) private func isSameInMemory(
  _ left: UnsafeBufferPointer<Spawn>, _ leftIndex: Int, _ right: UnsafeBufferPointer<Spawn>, _ rightIndex: Int
) -> Bool {
  guard let left = left.baseAddress, let right = right.baseAddress else { return false }
  return memcmp(left + leftIndex, right + rightIndex, MemoryLayout<Spawn>.size) == 0
}

/// How far ahead an entity is looked for in the old list before it counts as new.
private let lookAhead = 64

extension ByteWriter {
  mutating func put(spawns: [Spawn], after last: [Spawn]) {
    spawns.withUnsafeBufferPointer { spawns in
      last.withUnsafeBufferPointer { last in put(spawns: spawns, after: last) }
    }
  }

  private mutating func put(spawns: UnsafeBufferPointer<Spawn>, after last: UnsafeBufferPointer<Spawn>) {
    var old = 0
    var run = 0
    for index in spawns.indices {
      // Most are where they were, as they were.
      if old < last.count, isSameInMemory(spawns, index, last, old) {
        old += 1
        run += 1
        continue
      }
      let spawn = spawns[index]
      let end = min(last.count, old + lookAhead)
      var found = old
      while found < end, last[found].id != spawn.id { found += 1 }
      guard found < end else {
        put(run: &run)
        put(Operation.new)
        put(spawn.id)
        put(spawn, SpawnParts(spawn, after: blank), after: blank)
        continue
      }
      if found > old {
        put(run: &run)
        put(Operation.leaveOut)
        put(UInt64(found - old))
      }
      old = found + 1
      let parts = SpawnParts(spawn, after: last[found])
      if parts.isEmpty {
        run += 1
      } else {
        put(run: &run)
        put(Operation.changed)
        put(spawn, parts, after: last[found])
      }
    }
    put(run: &run)
    put(Operation.end)
  }

  /// The entities that were equal since the last operation.
  private mutating func put(run: inout Int) {
    guard run > 0 else { return }
    put(Operation.equal)
    put(UInt64(run))
    run = 0
  }

  private mutating func put(_ spawn: Spawn, _ parts: SpawnParts, after last: Spawn) {
    put(parts.rawValue)
    if parts.contains(.x) { put(spawn.position.x, after: last.position.x) }
    if parts.contains(.y) { put(spawn.position.y, after: last.position.y) }
    if parts.contains(.z) { put(spawn.position.z, after: last.position.z) }
    if parts.contains(.heading) { put(spawn.heading.units, after: last.heading.units) }
    if parts.contains(.health) { put(spawn.healthFraction, after: last.healthFraction) }
    if parts.contains(.target) { put(spawn.target) }
    if parts.contains(.velocity) { put(spawn.velocity, after: last.velocity) }
    if parts.contains(.body) { put(spawn.body) }
    if parts.contains(.kind) { put(spawn.kind) }
    if parts.contains(.owner) { put(spawn.owner) }
    if parts.contains(.traits) {
      put(spawn.level)
      put(UInt64(spawn.race))
      put(spawn.classID)
    }
    if parts.contains(.name) { put(spawn.name) }
  }
}

private let blank = Spawn(id: EntityID(0))

extension ByteReader {
  mutating func spawns(after last: [Spawn]) throws(ByteFault) -> [Spawn] {
    var spawns: [Spawn] = []
    var old = 0
    while true {
      switch try value(Operation.self) {
      case .end:
        return spawns
      case .equal:
        let count = try word()
        guard count <= UInt64(last.count - old) else { throw .invalid }
        spawns.append(contentsOf: last[old..<old + Int(count)])
        old += Int(count)
      case .changed:
        guard old < last.count else { throw .invalid }
        spawns.append(try spawn(after: last[old]))
        old += 1
      case .leaveOut:
        let count = try word()
        guard count <= UInt64(last.count - old) else { throw .invalid }
        old += Int(count)
      case .new:
        var first = blank
        first.id = try entity()
        spawns.append(try spawn(after: first))
      }
      guard spawns.count <= 1 << 16 else { throw .invalid }
    }
  }

  private mutating func spawn(after last: Spawn) throws(ByteFault) -> Spawn {
    var spawn = last
    let parts = SpawnParts(rawValue: try word())
    if parts.contains(.x) { spawn.position.x = try double(after: last.position.x) }
    if parts.contains(.y) { spawn.position.y = try double(after: last.position.y) }
    if parts.contains(.z) { spawn.position.z = try double(after: last.position.z) }
    if parts.contains(.heading) { spawn.heading = Heading(try double(after: last.heading.units)) }
    if parts.contains(.health) { spawn.healthFraction = try doubleIfAny(after: last.healthFraction) }
    if parts.contains(.target) { spawn.target = try entityIfAny() }
    if parts.contains(.velocity) { spawn.velocity = try position(after: last.velocity) }
    if parts.contains(.body) { spawn.body = try value(BodyState.self) }
    if parts.contains(.kind) { spawn.kind = try value(SpawnKind.self) }
    if parts.contains(.owner) { spawn.owner = try entityIfAny() }
    if parts.contains(.traits) {
      spawn.level = try byte()
      guard let race = UInt16(exactly: try word()) else { throw .invalid }
      spawn.race = race
      spawn.classID = try byte()
    }
    if parts.contains(.name) { spawn.name = try name() }
    return spawn
  }
}
