import Synchronization

/// One 64-bit word of mapped memory that two threads, or two processes, share.
struct SharedWord {
  private let pointer: UnsafeMutablePointer<Atomic<UInt64>>

  /// The word at `address`, which is aligned to 8 bytes and outlives this value.
  init(_ address: UnsafeMutableRawPointer) {
    precondition(UInt(bitPattern: address) & 7 == 0, "an atomic word must be aligned")
    // `Atomic<UInt64>` has the size and layout of its word.
    pointer = address.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  func load() -> UInt64 { pointer.pointee.load(ordering: .acquiring) }
  func store(_ word: UInt64) { pointer.pointee.store(word, ordering: .releasing) }

  /// Writes the word as it is, whoever else writes it meanwhile: its page is writable afterwards.
  func touch() {
    let word = pointer.pointee.load(ordering: .relaxed)
    _ = pointer.pointee.compareExchange(expected: word, desired: word, ordering: .relaxed)
  }
}
