import CLinux
import Glibc

/// The system's words for an error number.
func errorText(_ code: Int32) -> String {
  String(cString: strerror(code))
}

/// Nanoseconds since 1970.
func wallNanoseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

/// A whole small file; nil when it cannot be read. At most `limit` bytes are taken.
func readFile(_ path: String, limit: Int = 64 << 20) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < limit {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { break }
    bytes.append(contentsOf: chunk[..<count])
  }
  return bytes
}

/// Puts `bytes` in place of the file at `path`: a reader sees the old file or the new one, also after power loss.
/// - Returns: 0, or the error number.
@discardableResult
func replaceFile(_ path: String, _ bytes: [UInt8]) -> Int32 {
  let temporary = path + ".tmp"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { return errno }
  var code = writeAll(descriptor, bytes)
  if code == 0, fsync(descriptor) != 0 { code = errno }
  close(descriptor)
  if code == 0, rename(temporary, path) != 0 { code = errno }
  if code != 0 { unlink(temporary) }
  return code
}

/// Writes as much as the disk takes at once: the count, or -1 with `errno`. Tests put failing disks in its place.
typealias DiskOutput = @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int

let systemOutput: DiskOutput = { write($0, $1.baseAddress, $1.count) }

/// - Returns: 0, or the error number after which the rest was not written.
func writeAll(_ descriptor: Int32, _ bytes: [UInt8], by output: DiskOutput = systemOutput) -> Int32 {
  bytes.withUnsafeBytes { bytes in
    var rest = bytes
    while !rest.isEmpty {
      let count = output(descriptor, rest)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : EIO }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
  }
}

/// Names in a directory, sorted; empty when it cannot be read.
public func directoryEntries(_ path: String) -> [String] {
  guard let directory = opendir(path) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// Creates `path` and what is missing above it.
/// - Returns: 0, or the error number.
func makeDirectories(_ path: String) -> Int32 {
  if mkdir(path, 0o755) == 0 || errno == EEXIST { return 0 }
  guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return errno }
  let code = makeDirectories(String(path[..<slash]))
  guard code == 0 else { return code }
  return mkdir(path, 0o755) == 0 || errno == EEXIST ? 0 : errno
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// What tells one boot of the machine from another; empty when unknown.
func bootID() -> String {
  String(decoding: (readFile("/proc/sys/kernel/random/boot_id") ?? []).prefix(36), as: UTF8.self)
}
