import Glibc

/// Where running daemons keep locks, status and held keys: `$XDG_RUNTIME_DIR/compass`, else `/tmp/compass-UID`.
public enum RuntimeDirectory {
  public static var path: String {
    if let runtime = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), access(runtime, W_OK) == 0 {
      return runtime + "/compass"
    }
    return "/tmp/compass-\(getuid())"
  }

  /// Makes the directory, for this user alone; says what is wrong when it cannot be used.
  public static func create() -> String? {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      return "cannot create \(path): \(String(cString: strerror(errno)))"
    }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid() else {
      return "\(path) is not a directory of this user's own; set XDG_RUNTIME_DIR to one"
    }
    return nil
  }
}
