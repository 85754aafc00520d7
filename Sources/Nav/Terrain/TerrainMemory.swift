import Glibc

/// The bytes of a terrain file, mapped read-only or held in memory. A class because it owns the mapping.
final class TerrainMemory: @unchecked Sendable {
  // Sendable: the bytes are never written after `init`.

  let bytes: UnsafeRawBufferPointer
  /// Up to here memory may be read: the last page of a mapping is there to its end.
  let readableEnd: UnsafeRawPointer
  private let isMapped: Bool

  init(mapping path: String) throws(TerrainError) {
    func failure(_ what: String) -> TerrainError {
      .unreadable(file: path, cause: "\(what): \(String(cString: strerror(errno)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot stat") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(file: path, cause: "not a regular file")
    }
    let count = Int(status.st_size)
    guard count >= TerrainFormat.headerBytes else { throw .notTerrain(file: path) }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw failure("cannot map")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
    let page = max(Int(sysconf(Int32(_SC_PAGESIZE))), 1)
    readableEnd = UnsafeRawPointer(start) + (count + page - 1) / page * page
    isMapped = true
  }

  init(copying source: [UInt8]) {
    let size = source.count + TerrainTile.slack
    let copy = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    copy.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    copy.copyMemory(from: source, byteCount: source.count)
    bytes = UnsafeRawBufferPointer(start: copy, count: source.count)
    readableEnd = UnsafeRawPointer(copy) + size
    isMapped = false
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    } else {
      UnsafeMutableRawPointer(mutating: start).deallocate()
    }
  }
}
