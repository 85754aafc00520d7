import Glibc

/// Whole files, read at once and bounded.
enum FileBytes {
  /// Larger inputs than this are refused.
  static let most = 1 << 30

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func read(_ path: String) throws(AssetError) -> [UInt8] {
    func failure(_ what: String) -> AssetError {
      AssetError(.unreadable, file: path, offset: 0, cause: "\(what): \(String(cString: strerror(errno)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot stat") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw AssetError(.unreadable, file: path, offset: 0, cause: "not a regular file")
    }
    guard status.st_size <= most else {
      throw AssetError(.unreadable, file: path, offset: 0, cause: "\(status.st_size) bytes are too many")
    }
    let size = Int(status.st_size)
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while done < size {
        let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + done }, size - done)
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { break }
        done += got
      }
      count = done
    }
    guard done == size else { throw failure("cannot read") }
    return bytes
  }

  /// A file whose size nobody knows before its end, such as those of /proc.
  static func readStream(_ path: String) throws(AssetError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw AssetError(.unreadable, file: path, offset: 0, cause: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 1 << 20 {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}
