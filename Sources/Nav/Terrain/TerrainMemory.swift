import Glibc

/// The bytes of a terrain file, mapped read-only or held in memory. A class because it owns the mapping.
final class TerrainMemory: @unchecked Sendable {
  // Sendable: the bytes are never written after `init`.

  let bytes: UnsafeRawBufferPointer
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
    isMapped = true
  }

  init(copying source: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(source.count, 1), alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(start: copy.baseAddress, count: source.count)
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
