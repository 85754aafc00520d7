/// Turns the X server's time stamps (milliseconds, 32 bits) into this process's monotonic nanoseconds.
///
/// An event arrives after it was stamped, never before; the smallest distance seen is taken as that of the clocks.
struct ServerClock {
  private var offset: Int64?

  mutating func nanoseconds(of milliseconds: UInt32, receivedAt now: Int64) -> Int64 {
    let stamp = Int64(milliseconds) * 1_000_000
    let distance = now - stamp
    // The server's counter starts anew after 49 days, or the server was another one.
    let isFarOff = offset.map { abs(distance - $0) > 3_600_000_000_000 } ?? true
    let smallest = isFarOff ? distance : min(distance, offset ?? distance)
    offset = smallest
    return stamp + smallest
  }
}
