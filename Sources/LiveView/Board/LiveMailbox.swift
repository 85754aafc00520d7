import Synchronization

/// Hands frames from the tick thread to the server's, without locks, waiting or allocation: a single slot.
///
/// There are three frames. The tick thread fills its own and exchanges it for the one in the slot; the server exchanges
/// its own, already shown, for the one in the slot when that is new. Each thread therefore always has a frame alone.
// @unchecked: `writing` belongs to the one tick thread, `reading` to the one server thread; the slot is atomic, and an
// exchange of it publishes the frame's content (acquire and release).
public final class LiveMailbox: @unchecked Sendable {
  private let frames = [LiveFrame(), LiveFrame(), LiveFrame()]
  private var writing = 0
  private var reading = 2
  /// Index of the frame in the slot; with `newBit` when the server has not seen it.
  private let slot = Atomic<UInt>(1)
  private let beat = Atomic<Int64>(0)

  private static let newBit: UInt = 4

  public init() {}

  /// Fills a frame and puts it into the slot. Tick thread only.
  /// - Parameter fill: must set all that it wants shown: the frame holds what it held some ticks ago.
  public func publish(_ fill: (LiveFrame) -> Void) {
    fill(frames[writing])
    let before = slot.exchange(UInt(writing) | Self.newBit, ordering: .acquiringAndReleasing)
    writing = Int(before & 3)
  }

  /// The newest frame; the one of the call before when none came since. Server thread only.
  func newest() -> LiveFrame {
    if slot.load(ordering: .relaxed) & Self.newBit != 0 {
      let before = slot.exchange(UInt(reading), ordering: .acquiringAndReleasing)
      reading = Int(before & 3)
    }
    return frames[reading]
  }

  /// The tick thread lives. Unit: CLOCK_MONOTONIC, nanoseconds.
  public func beat(_ now: Int64) { beat.store(now, ordering: .relaxed) }

  /// The last sign of life; 0 before the first.
  var lastBeat: Int64 { beat.load(ordering: .relaxed) }
}
