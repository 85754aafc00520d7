import Glibc

/// Why the live view cannot be offered.
public enum LiveServerError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotListen(String, errno: Int32)
  case nameTooLong(String)

  public var description: String {
    switch self {
    case .cannotListen(let place, let code):
      "the live view cannot listen on \(place): \(String(cString: strerror(code)))"
        + (code == EADDRINUSE ? "; name another port, or 0 for any" : "")
    case .nameTooLong(let path): "\(path) is too long for the name of a socket; set XDG_RUNTIME_DIR to a shorter one"
    }
  }
}

/// A descriptor that takes connections.
struct Listener: Sendable {
  let descriptor: Int32
  let admission: Admission

  /// On 127.0.0.1; port 0 takes any that is free.
  init(port: UInt16, user: UInt32, token: String) throws(LiveServerError) {
    let place = "127.0.0.1:\(port)"
    let descriptor = socket(AF_INET, Self.stream, 0)
    guard descriptor >= 0 else { throw .cannotListen(place, errno: errno) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, address, &size) == 0 ? 0 : errno
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw .cannotListen(place, errno: code)
    }
    self.descriptor = descriptor
    admission = Admission(user: user, token: token, port: UInt16(bigEndian: address.sin_port))
  }

  /// On a socket file that this user alone may use; one that a dead process left is replaced.
  init(path: String, user: UInt32, token: String) throws(LiveServerError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .nameTooLong(path) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let descriptor = socket(AF_UNIX, Self.stream, 0)
    guard descriptor >= 0 else { throw .cannotListen(path, errno: errno) }
    unlink(path)
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 && chmod(path, 0o600) == 0 && listen(descriptor, 16) == 0 ? 0 : errno
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw .cannotListen(path, errno: code)
    }
    self.descriptor = descriptor
    admission = Admission(user: user, token: token, port: nil)
  }

  private static let stream = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

  /// The next connection; nil when none waits.
  func accept() -> Connection? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let taken = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.accept(descriptor, $0, &size) }
    }
    guard taken >= 0 else { return nil }
    _ = fcntl(taken, F_SETFD, FD_CLOEXEC)
    _ = fcntl(taken, F_SETFL, O_NONBLOCK)
    let port = admission.port == nil ? nil : UInt16(bigEndian: address.sin_port)
    return Connection(descriptor: taken, port: port, admission: admission)
  }
}
