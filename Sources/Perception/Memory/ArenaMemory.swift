/// Memory of a simulation: one buffer that pretends to lie at `base`. The same bytes in every run.
public final class ArenaMemory: MemorySource {
  /// The address of the first byte, as the pointers in the arena say it.
  public let base: UInt64
  private let bytes: UnsafeRawBufferPointer
  public private(set) var callCount = 0

  /// `bytes` must outlive this object.
  public init(base: UInt64, bytes: UnsafeRawBufferPointer) {
    self.base = base
    self.bytes = bytes
  }

  public func read(
    _ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    callCount += 1
    var done = 0
    for range in ranges {
      let count = Int(clamping: range.count)
      guard copy(range.address, count, to: buffer, at: done) else { break }
      done += count
    }
    return .bytes(done)
  }

  public func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    callCount += 1
    return .bytes(copy(address, buffer.count, to: buffer, at: 0) ? buffer.count : 0)
  }

  public func pause(microseconds: UInt32) {}

  private func copy(_ address: UInt64, _ count: Int, to buffer: UnsafeMutableRawBufferPointer, at place: Int) -> Bool
  {
    guard address >= base, address - base <= UInt64(bytes.count), count <= bytes.count - Int(address - base),
      count <= buffer.count - place
    else { return false }
    let source = UnsafeRawBufferPointer(rebasing: bytes[Int(address - base)..<Int(address - base) + count])
    UnsafeMutableRawBufferPointer(rebasing: buffer[place..<place + count]).copyMemory(from: source)
    return true
  }
}

/// Memory of a simulation that answers for itself, such as a mirror with an address space of its own.
public final class VirtualMemory: MemorySource {
  /// Copies what stands at an address; gives how many bytes there were.
  public typealias Read = (UInt64, UnsafeMutableRawBufferPointer) -> Int

  private let copy: Read
  public private(set) var callCount = 0

  public init(read: @escaping Read) {
    copy = read
  }

  public func read(
    _ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    callCount += 1
    var done = 0
    for range in ranges {
      let count = Int(clamping: range.count)
      guard count <= buffer.count - done else { break }
      let got = copy(range.address, UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + count]))
      done += min(got, count)
      if got < count { break }
    }
    return .bytes(done)
  }

  public func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    callCount += 1
    return .bytes(copy(address, buffer) == buffer.count ? buffer.count : 0)
  }

  public func pause(microseconds: UInt32) {}
}
