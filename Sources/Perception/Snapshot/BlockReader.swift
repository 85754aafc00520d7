import Core

/// Reads the blocks and sequences of a plan: one batch for all addresses known from the read before, single reads
/// for what moved, the frame counter first and last.
///
/// After a successful `read` every block and element lies in `bytes`, at `blockBase` and `elements`.
/// A class, because it owns the buffer that the system copies into; used by one thread at a time.
final class BlockReader {
  /// What one read gave.
  enum Outcome {
    case consistent
    /// The frame was being written, or moved on, in every try.
    case torn
    case gone
  }

  let plan: LayoutPlan
  private let memory: any MemorySource
  private let anchors: [UInt64]

  /// Raw bytes of everything read this time.
  private(set) var bytes: UnsafeMutableRawBufferPointer
  /// Start of each block in `bytes`; -1 when it is not there.
  private(set) var blockBase: [Int]
  /// Start of each element in `bytes`, by sequence; -1 where a pointer of a `follow` led nowhere.
  private(set) var elements: [[Int32]]
  /// Some pointer could not be followed, or some list was not whole.
  private(set) var isPartial = false
  private(set) var retryCount = 0

  private var blockAddress: [UInt64]
  /// Addresses of the elements that were read as nodes, in order; what the next batch reads.
  private var nodes: [[UInt64]]
  private var nodeSizes: [[Int32]]
  /// Lists whose nodes the last read found where the batch had put them; they lie there until the next plan.
  private var isKnown: [Bool]
  private var batch = ReadBatch()
  private var extra = 0
  private var isChanged = true
  private var frameAddress: UInt64 = 0
  private var counter = 0
  private var treeStack: [Int32] = []

  private static let sizeMax = 8 << 20
  private static let retriesMax = 2

  init(plan: LayoutPlan, memory: any MemorySource, anchors: [UInt64]) {
    precondition(anchors.count == plan.layout.anchors.count, "one address for each anchor")
    self.plan = plan
    self.memory = memory
    self.anchors = anchors
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    blockBase = Array(repeating: -1, count: plan.blocks.count)
    blockAddress = Array(repeating: 0, count: plan.blocks.count)
    elements = Array(repeating: [], count: plan.sequences.count)
    nodes = Array(repeating: [], count: plan.sequences.count)
    nodeSizes = Array(repeating: [], count: plan.sequences.count)
    isKnown = Array(repeating: false, count: plan.sequences.count)
  }

  deinit {
    bytes.deallocate()
  }

  /// True when what is read only every so many ticks is due in the read that comes next.
  func isDue(_ every: Int) -> Bool { counter % every == 0 }

  /// Reads everything that is due.
  func read() -> Outcome {
    retryCount = 0
    var tries = 0
    while true {
      if isChanged { replan() }
      let wasKnown = frameAddress != 0 || plan.frame == nil
      switch attempt() {
      case .gone: return .gone
      case .consistent where wasKnown:
        return .consistent
      case .consistent, .torn:
        // The first read of all only finds the addresses.
        guard wasKnown else { continue }
        tries += 1
        guard tries <= Self.retriesMax else { return .torn }
        retryCount = tries
        memory.pause(microseconds: 1_000)
      }
    }
  }

  /// The read is used up: the next one is for the next tick.
  func advance() { counter += 1 }

  /// Sets what is read out of turn now and then back to due, after a loading screen or a new target.
  func forget() {
    for index in nodes.indices {
      nodes[index].removeAll(keepingCapacity: true)
      nodeSizes[index].removeAll(keepingCapacity: true)
    }
    for index in blockAddress.indices { blockAddress[index] = 0 }
    frameAddress = 0
    counter = 0
    isChanged = true
  }

  // MARK: One try

  private func attempt() -> Outcome {
    let start = batch.begin(isFull: isAnyColdDue)
    extra = batch.size
    isPartial = false
    var hasFrame = false
    if start > 0 {
      ensure(batch.size)
      guard readBatch() else { return .gone }
      hasFrame = batch.isFrameRead
      if hasFrame, let frame = plan.frame {
        let (before, after) = (rawFrame(frame, at: batch.frameFirst), rawFrame(frame, at: batch.frameLast))
        guard before == after, !isBeingWritten(before) else { return .torn }
      }
    }
    let before = extra
    guard resolve() else { return .gone }
    for index in isKnown.indices where isDue(plan.sequences[index].every) {
      isKnown[index] = !isChanged && !isPartial && batch.isWhole
    }
    guard let frame = plan.frame else { return .consistent }
    let base = blockBase[Int(frame.base)]
    guard base >= 0 else { return .consistent }
    frameAddress = blockAddress[Int(frame.base)] &+ UInt64(frame.offset)
    // Something was read after the batch: the frame must still be the same.
    if extra != before {
      guard let last = fetch(frameAddress, frame.type.size) else { return .torn }
      if last < 0 { return .gone }
      let first = hasFrame ? rawFrame(frame, at: batch.frameFirst) : rawFrame(frame, at: base + Int(frame.offset))
      guard rawFrame(frame, at: Int(last)) == first, !isBeingWritten(first) else { return .torn }
    }
    return .consistent
  }

  private var isAnyColdDue: Bool {
    plan.sequences.contains { $0.every > 1 && isDue($0.every) }
      || plan.blocks.contains { $0.every > 1 && isDue($0.every) }
  }

  private func rawFrame(_ frame: LayoutPlan.Number, at place: Int) -> UInt64 {
    frame.type.size == 8
      ? bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      : UInt64(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
  }

  private func isBeingWritten(_ frame: UInt64) -> Bool {
    plan.layout.state.isOddFrameWriting && frame & 1 == 1
  }

  /// Fills `bytes` with the batch; steps over ranges that cannot be read. False when the process is gone.
  private func readBatch() -> Bool {
    var first = 0
    var place = 0
    var faults = 0
    while first < batch.ranges.count {
      let outcome = batch.ranges.withUnsafeBufferPointer { ranges in
        memory.read(
          UnsafeBufferPointer(rebasing: ranges[first...]),
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[place...]))
      }
      guard case .bytes(var got) = outcome else { return false }
      while first < batch.ranges.count, got >= Int(batch.ranges[first].count) {
        got -= Int(batch.ranges[first].count)
        place += Int(batch.ranges[first].count)
        first += 1
      }
      guard first < batch.ranges.count else { break }
      batch.markUnread(first)
      isChanged = true
      place += Int(batch.ranges[first].count)
      first += 1
      faults += 1
      guard faults <= 16 else {
        for rest in first..<batch.ranges.count { batch.markUnread(rest) }
        break
      }
    }
    return true
  }

  private func ensure(_ size: Int) {
    guard size > bytes.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size + size / 2, alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
    bytes.deallocate()
    bytes = larger
  }

  // MARK: Following pointers

  /// Place in `bytes` of so many bytes at `address`: from the batch, or read now. Nil when they cannot be read,
  /// -1 when the process is gone.
  private func place(_ address: UInt64, _ size: Int) -> Int32? {
    // Nothing of a program lies in the first page or above 47 bits.
    guard address >= 4_096, address < 1 << 47 else { return nil }
    if let known = batch.place(address, size) { return known }
    isChanged = true
    return fetch(address, size)
  }

  private func fetch(_ address: UInt64, _ size: Int) -> Int32? {
    guard extra + size <= Self.sizeMax else { return nil }
    ensure(extra + size)
    let place = extra
    switch memory.read(at: address, into: UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + size])) {
    case .gone: return -1
    case .bytes(let count):
      guard count == size else { return nil }
      extra += size
      return Int32(place)
    }
  }

  private func pointer(at place: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) }

  /// Walks blocks, then sequences. False when the process is gone.
  private func resolve() -> Bool {
    for index in plan.blocks.indices where isDue(plan.blocks[index].every) {
      let block = plan.blocks[index]
      var address: UInt64 = 0
      switch block.parent {
      case .anchor(let anchor): address = anchors[anchor]
      case .pointer(let parent, let offset):
        if blockBase[parent] >= 0 { address = pointer(at: blockBase[parent] + offset) }
      }
      if address != blockAddress[index] { isChanged = true }
      blockAddress[index] = address
      blockBase[index] = -1
      guard address != 0 else { continue }
      if let place = place(address, block.size) {
        if place < 0 { return false }
        blockBase[index] = Int(place)
      } else {
        isPartial = true
      }
    }
    for index in plan.sequences.indices where isDue(plan.sequences[index].every) {
      guard walk(index) else { return false }
    }
    return true
  }

  private func walk(_ index: Int) -> Bool {
    let sequence = plan.sequences[index]
    if sequence.kind == .list, isKnown[index], batch.isWhole, case .block(let block) = sequence.owner,
      blockBase[block] >= 0, isAsBefore(index, sequence, owner: blockBase[block] + sequence.offset)
    {
      return true
    }
    elements[index].removeAll(keepingCapacity: true)
    var position = 0
    switch sequence.owner {
    case .block(let block):
      guard blockBase[block] >= 0 else { break }
      guard walk(index, sequence, owner: blockBase[block] + sequence.offset, base: blockBase[block], &position) else {
        return false
      }
    case .sequence(let owner):
      for element in 0..<elements[owner].count {
        let base = Int(elements[owner][element])
        if base < 0 {
          if sequence.kind == .follow { elements[index].append(-1) }
          continue
        }
        guard walk(index, sequence, owner: base + sequence.offset, base: base, &position) else { return false }
      }
    }
    if position != nodes[index].count {
      nodes[index].removeLast(nodes[index].count - position)
      nodeSizes[index].removeLast(nodeSizes[index].count - position)
      isChanged = true
    }
    return true
  }

  /// Notes that a node is part of the sequence now, and gives its place.
  private func node(_ index: Int, _ address: UInt64, _ size: Int, _ position: inout Int) -> Int32? {
    if position < nodes[index].count {
      if nodes[index][position] != address || nodeSizes[index][position] != Int32(size) { isChanged = true }
      nodes[index][position] = address
      nodeSizes[index][position] = Int32(size)
    } else {
      nodes[index].append(address)
      nodeSizes[index].append(Int32(size))
      isChanged = true
    }
    position += 1
    return place(address, size)
  }

  private func walk(
    _ index: Int, _ sequence: LayoutPlan.Sequence, owner: Int, base: Int, _ position: inout Int
  ) -> Bool {
    switch sequence.kind {
    case .inlineArray:
      for element in 0..<count(sequence, base: base) {
        elements[index].append(Int32(owner + element * sequence.stride))
      }
    case .pointerArray:
      return pointers(index, sequence, from: owner, count: count(sequence, base: base), &position)
    case .follow:
      let address = pointer(at: owner)
      guard address != 0, let place = node(index, address, sequence.size, &position) else {
        elements[index].append(-1)
        return true
      }
      elements[index].append(place)
      return place >= 0
    case .vector, .vectorOfPointers:
      let (begin, end) = (pointer(at: owner), pointer(at: owner + 8))
      guard begin != 0, end > begin else { return true }
      let wanted = (end - begin) / UInt64(sequence.stride)
      if wanted > UInt64(sequence.max) { isPartial = true }
      let count = Int(min(wanted, UInt64(sequence.max)))
      guard count > 0, let place = node(index, begin, count * sequence.stride, &position) else {
        isPartial = isPartial || count > 0
        return true
      }
      if place < 0 { return false }
      if sequence.kind == .vectorOfPointers {
        return pointers(index, sequence, from: Int(place), count: count, &position)
      }
      for element in 0..<count { elements[index].append(place + Int32(element * sequence.stride)) }
    case .list: return list(index, sequence, owner: owner, &position)
    case .tree: return tree(index, sequence, root: pointer(at: owner), &position)
    }
    return true
  }

  private func count(_ sequence: LayoutPlan.Sequence, base: Int) -> Int {
    guard let field = sequence.countField else { return sequence.count }
    let raw = number(field, at: base + Int(field.offset))
    guard let count = Int(exactly: raw), (0...sequence.max).contains(count) else {
      isPartial = true
      return 0
    }
    return count
  }

  private func pointers(
    _ index: Int, _ sequence: LayoutPlan.Sequence, from start: Int, count: Int, _ position: inout Int
  ) -> Bool {
    for element in 0..<count {
      let address = pointer(at: start + 8 * element)
      guard address != 0 else { continue }
      guard let place = node(index, address, sequence.size, &position) else {
        isPartial = true
        continue
      }
      if place < 0 { return false }
      elements[index].append(place)
    }
    return true
  }

  /// True when every link of a known list leads where it led at the last read; then its elements lie where they lay.
  private func isAsBefore(_ index: Int, _ sequence: LayoutPlan.Sequence, owner: Int) -> Bool {
    let (bytes, link) = (bytes, UInt64(sequence.linkOffset))
    func pointer(_ place: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
    let isTwoWay = sequence.second >= 0 && !sequence.isCircular
    let first = pointer(owner)
    return elements[index].withUnsafeBufferPointer { places in
      nodes[index].withUnsafeBufferPointer { nodes in
        guard !places.isEmpty, places.count == nodes.count else { return false }
        var address = first
        var previous: UInt64 = 0
        for position in places.indices {
          let place = Int(places[position])
          guard address != 0, address &- link == nodes[position],
            !isTwoWay || pointer(place + sequence.second) == previous
          else { return false }
          previous = address
          address = pointer(place + sequence.first)
        }
        return address == (sequence.isCircular ? first : 0)
      }
    }
  }

  private func list(_ index: Int, _ sequence: LayoutPlan.Sequence, owner: Int, _ position: inout Int) -> Bool {
    let first = pointer(at: owner)
    var address = first
    var previous: UInt64 = 0
    let start = elements[index].count
    // Brent: `hare` is compared with a node that jumps ahead by powers of two.
    var (tortoise, power, lap) = (UInt64(0), 1, 0)
    while address != 0 {
      guard elements[index].count - start < sequence.max, address != tortoise else {
        isPartial = true
        // What a cycle repeats stands in the list more than once; ids tell them apart on decoding.
        return true
      }
      lap += 1
      if lap == power { (tortoise, power, lap) = (address, power * 2, 0) }
      guard let place = node(index, address &- UInt64(sequence.linkOffset), sequence.size, &position) else {
        isPartial = true
        return true
      }
      if place < 0 { return false }
      if sequence.second >= 0, !sequence.isCircular, pointer(at: Int(place) + sequence.second) != previous {
        isPartial = true
        return true
      }
      elements[index].append(place)
      previous = address
      address = pointer(at: Int(place) + sequence.first)
      if sequence.isCircular, address == first { return true }
    }
    return true
  }

  private func tree(_ index: Int, _ sequence: LayoutPlan.Sequence, root: UInt64, _ position: inout Int) -> Bool {
    treeStack.removeAll(keepingCapacity: true)
    var address = root
    var visited = 0
    while address != 0 || !treeStack.isEmpty {
      guard visited < sequence.max, treeStack.count < 128 else {
        isPartial = true
        return true
      }
      if address != 0 {
        guard let place = node(index, address, sequence.size, &position) else {
          isPartial = true
          return true
        }
        if place < 0 { return false }
        treeStack.append(place)
        address = pointer(at: Int(place) + sequence.first)
      } else {
        let place = treeStack.removeLast()
        visited += 1
        elements[index].append(place)
        address = pointer(at: Int(place) + sequence.second)
      }
    }
    return true
  }

  /// A raw number as it stands, without scale and checks.
  @inline(__always) func number(_ number: LayoutPlan.Number, at place: Int) -> Double {
    rawNumber(number, bytes.baseAddress.map { UnsafeRawPointer($0 + place) })
  }

  // MARK: The next batch

  /// Sorts all known addresses into the ranges of the next batch.
  private func replan() {
    isChanged = false
    for index in isKnown.indices { isKnown[index] = false }
    batch.clear()
    for index in plan.blocks.indices where blockAddress[index] != 0 {
      batch.add(blockAddress[index], plan.blocks[index].size, isCold: plan.blocks[index].every > 1)
    }
    for index in plan.sequences.indices {
      for node in nodes[index].indices {
        batch.add(nodes[index][node], Int(nodeSizes[index][node]), isCold: plan.sequences[index].every > 1)
      }
    }
    batch.finish(frame: frameAddress, size: plan.frame?.type.size ?? 0)
  }
}

/// A number in memory as it stands, masked and shifted.
@inline(__always) func rawNumber(_ number: LayoutPlan.Number, _ place: UnsafeRawPointer?) -> Double {
  guard let place else { return .nan }
  var whole: UInt64
  switch number.type {
  case .f32: return Double(place.loadUnaligned(as: Float.self))
  case .f64: return place.loadUnaligned(as: Double.self)
  case .u8: whole = UInt64(place.load(as: UInt8.self))
  case .u16: whole = UInt64(place.loadUnaligned(as: UInt16.self))
  case .u32: whole = UInt64(place.loadUnaligned(as: UInt32.self))
  case .u64: whole = place.loadUnaligned(as: UInt64.self)
  case .i8:
    let signed = place.load(as: Int8.self)
    if !number.hasMask { return Double(signed) }
    whole = UInt64(UInt8(bitPattern: signed))
  case .i16:
    let signed = place.loadUnaligned(as: Int16.self)
    if !number.hasMask { return Double(signed) }
    whole = UInt64(UInt16(bitPattern: signed))
  case .i32:
    let signed = place.loadUnaligned(as: Int32.self)
    if !number.hasMask { return Double(signed) }
    whole = UInt64(UInt32(bitPattern: signed))
  case .i64:
    let signed = place.loadUnaligned(as: Int64.self)
    if !number.hasMask { return Double(signed) }
    whole = UInt64(bitPattern: signed)
  }
  if number.hasMask { whole = whole >> UInt64(number.shift) & number.mask }
  return Double(whole)
}
