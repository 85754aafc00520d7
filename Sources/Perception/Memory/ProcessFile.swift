import Glibc

/// Small files below `/proc`.
public enum ProcessFile {
  /// All bytes of a file; nil when it cannot be read. Bounded to 16 MB.
  public static func bytes(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 16 << 20 {
      let count = Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  /// The first line of a file.
  public static func line(_ path: String) -> String? {
    bytes(path).map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
  }

  /// Field 22 of `/proc/PID/stat`.
  public static func startTime(pid: pid_t) -> UInt64? {
    guard let line = line("/proc/\(pid)/stat"), let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    return fields.count > 19 && fields[0] != "Z" ? UInt64(fields[19]) : nil
  }

  public static func owner(pid: pid_t) -> uid_t? {
    // The directory belongs to root when the process is not dumpable; the status file tells the truth.
    guard let text = bytes("/proc/\(pid)/status") else { return nil }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Uid:") {
      return line.split(separator: "\t").dropFirst(2).first.flatMap { uid_t($0) }
    }
    return nil
  }

  /// The base name of the program that a process runs; by its command line where the link may not be read.
  public static func programName(pid: pid_t) -> String? {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink("/proc/\(pid)/exe", &buffer, buffer.count - 1)
    var path = ""
    if count > 0 {
      path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    } else if let line = bytes("/proc/\(pid)/cmdline") {
      path = String(decoding: line.prefix { $0 != 0 }, as: UTF8.self)
    }
    if path.hasSuffix(" (deleted)") { path.removeLast(10) }
    return path.split(separator: "/").last.map(String.init)
  }

  /// Processes whose program has this base name, in ascending order.
  public static func processes(named name: String) -> [pid_t] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var found: [pid_t] = []
    while let entry = readdir(directory) {
      let text = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let pid = pid_t(text), startTime(pid: pid) != nil, programName(pid: pid) == name { found.append(pid) }
    }
    return found.sorted()
  }
}
