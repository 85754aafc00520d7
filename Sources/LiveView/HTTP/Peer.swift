import CLinux
import Glibc

/// Who is at the other end of a connection.
enum Peer {
  /// The user behind a connection over a socket file; nil when the kernel does not say.
  static func user(ofLocal descriptor: Int32) -> UInt32? {
    let user = linux_peer_user(descriptor)
    return user < 0 ? nil : UInt32(exactly: user)
  }

  /// The user whose socket on this machine talks from `port` to our `ownPort`, both on 127.0.0.1; nil when there is
  /// none: then the peer has gone, or lives in another network namespace.
  static func user(ofLoopback port: UInt16, to ownPort: UInt16) -> UInt32? {
    guard let table = contents("/proc/net/tcp") else { return nil }
    return user(in: table, from: port, to: ownPort)
  }

  /// Reads the kernel's table of TCP sockets. A socket that its process has closed already belongs to nobody: the table
  /// then names root as its user and 0 as its inode, and it does not count.
  static func user(in table: [UInt8], from port: UInt16, to ownPort: UInt16) -> UInt32? {
    let (local, remote) = (Array(loopback(port).utf8), Array(loopback(ownPort).utf8))
    for line in table.split(separator: UInt8(ascii: "\n")).dropFirst() {
      let fields = line.split(separator: UInt8(ascii: " "))
      guard fields.count > 9, fields[1].elementsEqual(local), fields[2].elementsEqual(remote),
        !fields[9].elementsEqual([UInt8(ascii: "0")])
      else { continue }
      return UInt32(String(decoding: fields[7], as: UTF8.self))
    }
    return nil
  }

  /// 127.0.0.1:PORT as the kernel writes it.
  static func loopback(_ port: UInt16) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    let address = UInt32(0x7F00_0001).bigEndian
    let host = String(address, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - host.count) + host + ":"
      + String(repeating: "0", count: 4 - digits.count) + digits
  }

  private static func contents(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < 16 << 20 {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }
}

/// Who may look: the user that runs the daemon, root, and whoever shows the token.
struct Admission: Sendable {
  /// Of the daemon.
  let user: UInt32
  let token: String
  /// Of the loopback listener; nil for a socket file.
  let port: UInt16?

  /// Why a request is refused; nil when it is answered.
  func refusal(of request: HTTPRequest, from peer: UInt32?) -> HTTPResponse? {
    let isKnown = peer == user || peer == 0
    guard isKnown || isToken(request.token) else {
      return HTTPResponse(
        .forbidden, "Only the user who runs the daemon may look, or whoever shows the token of its token file.")
    }
    guard let port else { return nil }
    // Another site's name that was made to point here, or its script, is not the user.
    guard let host = request.host, Self.hosts.contains(where: { host == $0 || host == "\($0):\(port)" }) else {
      return HTTPResponse(.misdirected, "This is not the host that was asked for; use 127.0.0.1.")
    }
    guard request.site == nil || request.site == "same-origin" || request.site == "none" else {
      return HTTPResponse(.forbidden, "Another site's page may not look.")
    }
    return nil
  }

  static let hosts = ["127.0.0.1", "localhost"]

  /// Compares in a time that does not tell how much is right.
  private func isToken(_ shown: String?) -> Bool {
    guard let shown, shown.utf8.count == token.utf8.count, !token.isEmpty else { return false }
    return zip(shown.utf8, token.utf8).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
  }
}
