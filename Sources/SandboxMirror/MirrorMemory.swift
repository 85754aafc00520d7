import CSandboxMemory
import Core
import Glibc

/// Where the mirror's structs stand.
///
/// - `live`: real blocks of this process's heap, scattered, at addresses that differ on every start; the root is
///   the process's own global `compass_sandbox_root`.
/// - `arena`: one stretch of memory with an address space of its own, so that pointers and bytes are the same in
///   every run. Read it with `read(_:into:)`.
///
/// Has identity (memory that others read), hence a class. Copies of a `Mirror` share it.
///
/// `@unchecked Sendable`: a simulation hands its arena from thread to thread whole; it is written by its mirror only,
/// and read only between two writes. The live form is written by one thread and read by other processes.
public final class MirrorMemory: @unchecked Sendable {
  public enum Form: Sendable { case live, arena }

  public let form: Form
  private let base: UnsafeMutableRawPointer
  private let capacityBytes: Int
  private var usedBytes: Int
  private var scatter = SeededGenerator(seed: 0x5CA7)
  private var blocks: [UnsafeMutableRawPointer] = []

  /// The arena's first address. The page of the root begins at `arenaRoot`, the heap at `arenaHeap`.
  public static let arenaBase: UInt64 = 0x5A00_0000_0000
  public static let arenaRoot: UInt64 = arenaBase + 0x4000
  public static let arenaHeap: UInt64 = arenaBase + 0x10_0000

  /// What other programs know the root by.
  public static let rootSymbol = "compass_sandbox_root"

  /// Memory of this process, for a real client. At most one per process is of use, since the root is a global.
  public static func live() -> MirrorMemory {
    MirrorMemory(form: .live, base: sandbox_root(), capacityBytes: 0)
  }

  /// Memory with addresses of its own. Takes address space for `capacityBytes` and fills only what is used.
  public static func arena(capacityBytes: Int = 16 << 20) -> MirrorMemory {
    let size = max(capacityBytes, 4 << 20)
    let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped, mapped != MAP_FAILED else {
      preconditionFailure("no address space for an arena of \(size) bytes")
    }
    return MirrorMemory(form: .arena, base: mapped, capacityBytes: size)
  }

  private init(form: Form, base: UnsafeMutableRawPointer, capacityBytes: Int) {
    self.form = form
    self.base = base
    self.capacityBytes = capacityBytes
    usedBytes = Int(Self.arenaHeap - Self.arenaBase)
  }

  deinit {
    switch form {
    case .arena: munmap(base, capacityBytes)
    case .live: for block in blocks { free(block) }
    }
  }

  /// The address of `symbol` as other programs would resolve it; nil for every name but the root's.
  public func address(ofSymbol symbol: String) -> UInt64? {
    symbol == Self.rootSymbol ? root.address : nil
  }

  /// The root object.
  var root: MemoryBlock {
    switch form {
    case .arena:
      MemoryBlock(address: Self.arenaRoot, pointer: base + Int(Self.arenaRoot - Self.arenaBase))
    case .live:
      MemoryBlock(address: UInt64(UInt(bitPattern: base)), pointer: base)
    }
  }

  /// A fresh block, all zeros, apart from the one before it. Nothing is given back: users keep their blocks and
  /// reuse them.
  func allocate(_ sizeBytes: Int) -> MemoryBlock {
    let gap = scatter.integer(1...24) * 16
    switch form {
    case .arena:
      usedBytes += gap
      let offset = usedBytes
      usedBytes += (sizeBytes + 15) & ~15
      precondition(usedBytes <= capacityBytes, "the arena of \(capacityBytes) bytes is full")
      return MemoryBlock(address: Self.arenaBase + UInt64(offset), pointer: base + offset)
    case .live:
      if let spacer = malloc(gap) { blocks.append(spacer) }
      guard let block = calloc(1, sizeBytes) else { preconditionFailure("no memory for \(sizeBytes) bytes") }
      blocks.append(block)
      return MemoryBlock(address: UInt64(UInt(bitPattern: block)), pointer: block)
    }
  }

  /// Copies what stands at `address` of an arena, as a debugger would.
  /// - Returns: how many bytes could be copied: fewer than asked for at the end of what is in use, 0 outside of it.
  @discardableResult
  public func read(_ address: UInt64, into target: UnsafeMutableRawBufferPointer) -> Int {
    guard form == .arena, let start = target.baseAddress, address >= Self.arenaRoot else { return 0 }
    let offset = address - Self.arenaBase
    guard offset < UInt64(usedBytes) else { return 0 }
    let count = min(target.count, usedBytes - Int(offset))
    start.copyMemory(from: base + Int(offset), byteCount: count)
    return count
  }

  /// The addresses of an arena that hold anything: the root's page and the heap.
  public var mappedRanges: [Range<UInt64>] {
    guard form == .arena else { return [] }
    let rootEnd = Self.arenaRoot + 0x1000
    return [Self.arenaRoot..<rootEnd, Self.arenaHeap..<Self.arenaBase + UInt64(usedBytes)]
  }

  /// Hash of every byte in use; equal in every run for equal worlds.
  /// - Complexity: O(n) over the bytes.
  public var contentHash: UInt64 {
    var hash = StableHash()
    for range in mappedRanges {
      let first = base + Int(range.lowerBound - Self.arenaBase)
      for offset in stride(from: 0, to: Int(range.upperBound - range.lowerBound) & ~7, by: 8) {
        hash.combine(first.load(fromByteOffset: offset, as: UInt64.self))
      }
    }
    return hash.value
  }
}

/// A block of the mirror's memory: where others see it, and where we write it.
struct MemoryBlock {
  let address: UInt64
  let pointer: UnsafeMutableRawPointer

  @inline(__always) func store<Value: BitwiseCopyable>(_ value: Value, at offset: UInt32) {
    pointer.storeBytes(of: value, toByteOffset: Int(offset), as: Value.self)
  }

  /// Part of the same block.
  @inline(__always) func part(at offset: UInt32) -> MemoryBlock {
    MemoryBlock(address: address + UInt64(offset), pointer: pointer + Int(offset))
  }
}
