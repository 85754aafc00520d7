import Core

/// What one tick's reading gave, with an account of how it went.
public struct Snapshot: Sendable {
  public var state: GameState
  /// Lines of the chat log since the snapshot before.
  public var chat: [FixedText]
  /// System calls that it took.
  public var callCount: Int
  /// Tries beyond the first, because the target was writing.
  public var retryCount: Int
  /// No untorn read was to be had: `state` is the last good one with a new tick.
  public var isTorn: Bool
  /// Values that were out of their plausible range, or chains that broke.
  public var faultCount: Int
}

/// Why there is no snapshot.
public enum SnapshotError: Error, Hashable, Sendable {
  /// The process ended or execed.
  case gone
  /// The identity bytes are no longer there: this is not the program that the layout describes.
  case notTheProgram
}

/// Reads a `GameState` each tick, as a layout says.
///
/// In steady state one system call and no allocation: the buffers of three states are used in turn, so a state should
/// be given up within two ticks (holding it longer costs a copy, nothing else).
/// A class, because it owns buffers; used by one thread at a time.
///
///     let reader = SnapshotReader(plan: plan, memory: memory, anchors: addresses)
///     let snapshot = try reader.read(tick: tick)
public final class SnapshotReader {
  public let plan: LayoutPlan
  private let memory: any MemorySource
  private let blocks: BlockReader
  private var decoder: StateDecoder
  private var pool: [GameState]
  private var turn = 0
  private var good: Int?
  private var goodTick = Tick.start
  private var chatTotal: UInt32?
  /// The lists of lines that were handed out last, to be filled again when nobody holds them any more.
  private var chatPool: [[FixedText]] = []
  private var chatTurn = 0
  private var motion = MotionWatch()

  /// Reads in which nothing moved before the snapshot counts as stale.
  public static let staleReads = 10
  /// Age up to which the last good state stands in for a torn read. Unit: ticks.
  public static let tornTicksMax = 3

  /// `anchors` are addresses in the order of the layout's anchors (`AnchorResolver`, or the arena's own).
  public init(plan: LayoutPlan, memory: any MemorySource, anchors: [UInt64]) {
    self.plan = plan
    self.memory = memory
    blocks = BlockReader(plan: plan, memory: memory, anchors: anchors)
    decoder = StateDecoder(plan: plan)
    pool = Array(repeating: GameState(), count: 3)
    for index in pool.indices {
      pool[index].spawns.reserveCapacity(512)
      pool[index].player.buffs.reserveCapacity(32)
      pool[index].gems.reserveCapacity(16)
      pool[index].inventory.items.reserveCapacity(256)
      pool[index].doors.reserveCapacity(64)
      chatPool.append([])
      chatPool[index].reserveCapacity(64)
    }
  }

  /// How often each mapped field was implausible since the start, for those that ever were.
  public var implausible: [(field: String, count: Int)] {
    zip(plan.fieldNames, decoder.faults).filter { $0.1 > 0 }.map { ($0, Int($1)) }
  }

  /// - Throws: `SnapshotError` when there is nothing to read any more.
  public func read(tick: Tick) throws(SnapshotError) -> Snapshot {
    let callsBefore = memory.callCount
    let outcome = blocks.read()
    func account(_ state: GameState, isTorn: Bool, faults: Int) -> Snapshot {
      Snapshot(
        state: state, chat: [], callCount: memory.callCount - callsBefore, retryCount: blocks.retryCount,
        isTorn: isTorn, faultCount: faults)
    }
    switch outcome {
    case .gone: throw .gone
    case .torn:
      var state = good.map { pool[$0] } ?? GameState(validity: .stale)
      let isFresh = good != nil && tick - goodTick < Self.tornTicksMax
      state.validity = isFresh ? max(state.validity, .partial) : .stale
      state.tick = tick
      return account(state, isTorn: true, faults: 0)
    case .consistent: break
    }
    if let identity = plan.identity {
      let base = blocks.blockBase[identity.block]
      guard base >= 0, identity.bytes.withUnsafeBytes({ isEqual($0, at: base + identity.offset) }) else {
        throw .notTheProgram
      }
    }
    let isMoving = motion.observe(plan.moving, blocks)
    turn = (turn + 1) % pool.count
    let faultsBefore = decoder.faultCount
    let previous = decoder.needsPrevious ? good.map { pool[$0] } : nil
    let isLoading = decoder.isLoading(blocks)
    decoder.decode(blocks, tick: tick, isLoading: isLoading, previous: previous, into: &pool[turn])
    var chat: [FixedText] = []
    if isLoading {
      pool[turn].validity = .loading
      blocks.forget()
      decoder.forget()
      good = nil
    } else {
      chat = newChat()
      if !isMoving {
        pool[turn].validity = .stale
      } else if blocks.isPartial || decoder.isPartial {
        pool[turn].validity = .partial
      } else {
        pool[turn].validity = .valid
      }
      good = turn
      goodTick = tick
    }
    blocks.advance()
    var snapshot = account(pool[turn], isTorn: false, faults: decoder.faultCount - faultsBefore)
    snapshot.chat = chat
    return snapshot
  }

  private func isEqual(_ wanted: UnsafeRawBufferPointer, at place: Int) -> Bool {
    wanted.elementsEqual(UnsafeRawBufferPointer(rebasing: blocks.bytes[place..<place + wanted.count]))
  }

  /// Lines that the ring got since the last look; at most the whole ring.
  private func newChat() -> [FixedText] {
    guard let total = plan.map.chatTotal, let (sequence, bytes) = plan.map.chatLines else { return [] }
    let base = blocks.blockBase[Int(total.base)]
    let lines = blocks.elements[sequence]
    guard base >= 0, !lines.isEmpty,
      let now = UInt32(exactly: blocks.number(total, at: base + Int(total.offset)))
    else { return [] }
    defer { chatTotal = now }
    guard let before = chatTotal, now != before else { return [] }
    let count = min(Int(now &- before), lines.count)
    chatTurn = (chatTurn + 1) % chatPool.count
    chatPool[chatTurn].removeAll(keepingCapacity: true)
    for index in 0..<count {
      let line = Int(lines[Int(now &- UInt32(count) &+ UInt32(index)) % lines.count])
      chatPool[chatTurn].append(
        FixedText(sanitising: UnsafeRawBufferPointer(rebasing: blocks.bytes[line..<line + bytes])))
    }
    return chatPool[chatTurn]
  }
}

extension SnapshotValidity: Comparable {
  /// The less to be trusted, the greater.
  @inlinable public static func < (left: SnapshotValidity, right: SnapshotValidity) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Whether the fields that must move do.
struct MotionWatch {
  private var last: UInt64 = 0
  private var same = 0

  /// False when nothing moved in the last ten reads.
  mutating func observe(_ fields: [LayoutPlan.Number], _ blocks: BlockReader) -> Bool {
    guard !fields.isEmpty else { return true }
    var hash = StableHash()
    for field in fields {
      let base = blocks.blockBase[Int(field.base)]
      hash.combine(base < 0 ? UInt64.max : blocks.number(field, at: base + Int(field.offset)).bitPattern)
    }
    same = hash.value == last ? same + 1 : 0
    last = hash.value
    return same < SnapshotReader.staleReads
  }
}
