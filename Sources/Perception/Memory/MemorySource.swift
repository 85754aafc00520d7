/// A stretch of the target's memory. Laid out like the system's `iovec`.
public struct MemoryRange: Hashable, Sendable {
  public var address: UInt64
  public var count: UInt64

  @inlinable public init(address: UInt64, count: UInt64) {
    self.address = address
    self.count = count
  }
}

/// What came of reading.
public enum ReadOutcome: Hashable, Sendable {
  /// So many bytes were read; fewer than asked when something could not be.
  case bytes(Int)
  /// The process is gone, or is no longer the program that was opened.
  case gone
}

/// Bytes of a target: a live process, an arena of a simulation, or a recording. There is no way to write.
///
/// A class, because it stands for one open process; used by one thread at a time.
public protocol MemorySource: AnyObject {
  /// Reads all ranges, one behind the other, into `buffer`, in order, stopping at the first that cannot be read.
  /// At most 1 MiB and any number of ranges.
  func read(_ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome

  /// Reads one stretch whose address was found just now; all or nothing.
  func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome

  /// Waits for the target's writer to finish its frame. Unit: microseconds.
  func pause(microseconds: UInt32)

  /// System calls made so far.
  var callCount: Int { get }
}
