import Core
import Glibc

/// Tells one build of a program from another, by the size and the time of change of its executable.
public enum BuildIdentity {
  /// Of the running program.
  public static var own: String { of("/proc/self/exe") ?? "unknown" }

  /// Of the program `name` that lies beside the running one; nil when there is none.
  public static func beside(_ name: String) -> String? {
    guard let own = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(own) }
    let path = String(cString: own)
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return of("\(path[..<slash])/\(name)")
  }

  private static func of(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    var hash = StableHash()
    hash.combine(status.st_size)
    hash.combine(status.st_mtim.tv_sec)
    return String(hash.value, radix: 16)
  }
}
