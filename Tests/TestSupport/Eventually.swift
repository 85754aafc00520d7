import Foundation

/// Waits until `condition` holds, looking every few milliseconds; false when `seconds` went by without.
public func eventually(within seconds: Double = 5, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = Date.now.addingTimeInterval(seconds)
  while Date.now < deadline {
    if try condition() { return true }
    Thread.sleep(forTimeInterval: 0.002)
  }
  return try condition()
}
