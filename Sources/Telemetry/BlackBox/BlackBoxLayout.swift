/// Where things lie in `blackbox.ring`. All numbers are little-endian; offsets in bytes.
///
/// A header page, 300 slots of 4 KiB with the last ticks, then two queues of records that are not in the logs yet.
/// The tick thread writes into its queue alone; who empties it fills the slots, in a crash's wake whoever recovers. The kernel owns the pages: whatever the writing process suffers, they stay.
public enum BlackBoxLayout {
  public static let magic: UInt64 = 0x3130_5842_5350_4D43  // "CMPSBX01"
  public static let version: UInt32 = 3
  public static let pageSize = 4096
  public static let slotCount = 300
  public static let slotSize = 4096
  /// Sequence u64, length u32, `QuickSum` u32; the payload follows.
  public static let slotHeaderSize = 16
  public static let edgeQueueSize = 128 << 10
  /// What the writer thread makes writable before the tick thread comes there: more than one second of ticks.
  static let queueBytesAhead = 1 << 20

  public static let magicAt = 0
  public static let versionAt = 8
  /// `State`.
  public static let stateAt = 12
  public static let processAt = 16
  public static let sessionAt = 24
  public static let queueSizeAt = 32
  /// Wall clock and monotonic clock at the session's start, nanoseconds.
  public static let wallAt = 40
  public static let monotonicAt = 48
  /// 36 characters.
  public static let bootAt = 64
  /// Monotonic nanoseconds of the last sign of life of the tick thread.
  public static let heartbeatAt = 256
  public static let tickAt = 264
  /// Keys that are down by our doing (`KeySet.bits`).
  public static let heldAt = 272
  /// What the tick thread was at (`Breadcrumb`).
  public static let breadcrumbAt = 280
  /// How far the producers have written.
  public static let writtenAt = 320
  public static let edgeWrittenAt = 384
  /// How far the consumer has come, for the producers.
  public static let freedAt = 448
  public static let edgeFreedAt = 512
  /// Two blocks, written in turn.
  public static let commitAt = 1024
  public static let commitSize = 512

  public static let slotsAt = pageSize
  public static let edgeQueueAt = slotsAt + slotCount * slotSize
  public static let queueAt = edgeQueueAt + edgeQueueSize

  public enum State: UInt32, Sendable {
    case open = 1
    case closed
    /// A later process has brought what was left into the logs.
    case recovered
  }
}

/// What the tick thread is at; the last one tells where a dead process was.
public enum Breadcrumb: UInt8, CaseIterable, Sendable {
  case idle, reading, thinking, acting, recording

  public var name: String { String(describing: self) }
}
