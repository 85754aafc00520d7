import Core
import Glibc

/// What `StateDecoder` keeps of the spawns of the last read, so that only those whose bytes changed are decoded again.
///
/// Only elements that hold all mapped fields themselves can be told apart by their bytes; where a field lies in a
/// struct that an element points to, everything is decoded anew each time.
struct SpawnMemo {
  /// What became of an element.
  struct Entry {
    var spawn = Spawn(id: EntityID(0), level: 0, healthFraction: nil)
    /// Decoded to the end, with nothing implausible: equal bytes give the same again.
    var isClean = false
  }

  /// The mapped numbers by role.
  enum Role: Int, CaseIterable {
    case id, x, y, z, kind, body, velocityX, velocityY, velocityZ, heading, level, race, classID, health, healthMax
    case healthFraction, owner, target
  }

  /// `LayoutPlan.Number` by role; `isMapped` tells which of them mean anything.
  let numbers: [LayoutPlan.Number]
  let isMapped: [Bool]
  /// Bytes of an element from the first mapped one to the last; empty when elements cannot be told by their bytes.
  let span: Range<Int>

  var entries: [Entry] = []
  /// `span` of each element, one after the other, as it stood when `entries` were made.
  var raw: [UInt8] = []
  /// Every element of the last read had an id, and no two the same.
  var isWhole = false
  var names: [NameMemo] = []
  /// Ids seen in this read: a hash table, emptied by its stamp.
  private var seen: [(id: UInt32, stamp: UInt32)] = []
  private var stamp: UInt32 = 0

  init(_ plan: StatePlan.SpawnPlan?) {
    guard let plan else {
      (numbers, isMapped, span) = ([], [], 0..<0)
      return
    }
    func number(_ role: Role) -> LayoutPlan.Number? {
      switch role {
      case .id: plan.id
      case .x: plan.x
      case .y: plan.y
      case .z: plan.z
      case .kind: plan.kind
      case .velocityX: plan.velocityX
      case .velocityY: plan.velocityY
      case .velocityZ: plan.velocityZ
      case .heading: plan.heading
      case .level: plan.level
      case .race: plan.race
      case .classID: plan.classID
      case .body: plan.body
      case .health: plan.health
      case .healthMax: plan.healthMax
      case .healthFraction: plan.healthFraction
      case .owner: plan.owner
      case .target: plan.target
      }
    }
    let all = Role.allCases.map(number)
    numbers = all.map { $0 ?? LayoutPlan.Number() }
    isMapped = all.map { $0 != nil }
    var (low, high) = (Int.max, 0)
    var isInElement = true
    func cover(_ base: Int32, _ isInSequence: Bool, _ offset: Int32, _ size: Int) {
      isInElement = isInElement && isInSequence && Int(base) == plan.sequence
      low = min(low, Int(offset))
      high = max(high, Int(offset) + size)
    }
    for number in all.compactMap({ $0 }) { cover(number.base, number.isInSequence, number.offset, number.type.size) }
    if let name = plan.name {
      cover(name.base, name.isInSequence, name.offset, name.isString ? 32 : Int(name.bytes))
    }
    span = isInElement && low < high ? low..<high : 0..<0
  }

  /// True when the elements are the same beings in the same order as at the last read.
  func isSame(_ elements: [Int32], _ start: UnsafeRawPointer) -> Bool {
    guard isWhole, elements.count == entries.count else { return false }
    let number = numbers[Role.id.rawValue]
    let (size, offset, stride) = (number.type.size, Int(number.offset), span.count)
    return raw.withUnsafeBytes { old in
      guard let old = old.baseAddress else { return elements.isEmpty }
      for index in elements.indices {
        guard elements[index] >= 0,
          memcmp(start + Int(elements[index]) + offset, old + index * stride + offset - span.lowerBound, size) == 0
        else { return false }
      }
      return true
    }
  }

  /// True when the element gave a spawn at the last read and its bytes are the same. Asked only while `isSame`.
  @inline(__always) func isKnown(_ index: Int, _ element: UnsafeRawPointer) -> Bool {
    guard entries[index].isClean else { return false }
    let span = span
    return raw.withUnsafeBytes { old in
      guard let old = old.baseAddress else { return false }
      return memcmp(old + index * span.count, element + span.lowerBound, span.count) == 0
    }
  }

  /// Keeps what an element gave; nil when it cannot be relied on to give the same again.
  mutating func note(_ index: Int, _ element: UnsafeRawPointer, _ spawn: Spawn?) {
    entries[index].isClean = false
    guard !span.isEmpty else { return }
    let span = span
    raw.withUnsafeMutableBytes { raw in
      guard let raw = raw.baseAddress else { return }
      (raw + index * span.count).copyMemory(from: element + span.lowerBound, byteCount: span.count)
    }
    guard let spawn else { return }
    entries[index].isClean = true
    entries[index].spawn = spawn
  }

  /// Makes room for so many elements, and forgets which ids were seen.
  mutating func begin(count: Int) {
    isWhole = !span.isEmpty
    while names.count < count { names.append(NameMemo()) }
    if entries.count > count { entries.removeLast(entries.count - count) }
    while entries.count < count { entries.append(Entry()) }
    while raw.count < count * span.count { raw.append(0) }
    var size = max(64, seen.count)
    while size < 2 * count + 2 { size *= 2 }
    if size != seen.count {
      seen = Array(repeating: (0, 0), count: size)
      stamp = 0
    }
    stamp &+= 1
    if stamp == 0 {
      for index in seen.indices { seen[index].stamp = 0 }
      stamp = 1
    }
  }

  /// False when the id was seen in this read.
  mutating func insert(_ id: UInt32) -> Bool {
    var slot = Int(truncatingIfNeeded: mixed(UInt64(id))) & (seen.count - 1)
    while seen[slot].stamp == stamp {
      if seen[slot].id == id { return false }
      slot = (slot + 1) & (seen.count - 1)
    }
    seen[slot] = (id, stamp)
    return true
  }
}

/// The first 32 bytes of a name at the last read, with what became of them.
struct NameMemo {
  private var raw: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var name = FixedName.empty

  /// The name at `base` of `bytes`; made anew only when its first 32 bytes are others than at the last read.
  mutating func name(_ text: LayoutPlan.Text, at base: UnsafeRawPointer) -> FixedName {
    var place = base + Int(text.offset)
    var count = Int(text.bytes)
    if text.isString {
      // libstdc++: pointer, length, 16 bytes in place. A longer text lies elsewhere and is not followed.
      let length = place.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      guard length <= 15 else { return .empty }
      place += 16
      count = Int(length)
    }
    guard count >= 32 else {
      return FixedName(sanitising: UnsafeRawBufferPointer(start: place, count: count))
    }
    let now = place.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
    if now != raw || name.isEmpty {
      raw = now
      name = FixedName(sanitising: UnsafeRawBufferPointer(start: place, count: 32))
    }
    return name
  }
}
