import CLinux
import Glibc

/// A loopback connection that carries messages and never blocks. Has identity (the descriptor), hence a class.
final class PartySocket {
  enum Event {
    case message(PartyMessage)
    /// The other side is gone, or sent what is no message.
    case end
  }

  let descriptor: Int32
  private let sizeMax: Int
  private var received: [UInt8] = []
  private var unsent: [UInt8] = []
  private var hasEnded = false

  /// So much may wait to be sent; whoever reads no faster is cut off. Unit: bytes.
  private static let unsentMax = 16 << 20

  /// Takes over a connected descriptor; what comes in may be at most `sizeMax` bytes a message.
  init(_ descriptor: Int32, sizeMax: Int) {
    self.descriptor = descriptor
    self.sizeMax = sizeMax
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// True while something waits to be sent.
  var isSending: Bool { !unsent.isEmpty }

  func send(_ message: PartyMessage) { send(message.bytes) }

  func send(_ bytes: [UInt8]) {
    guard !hasEnded else { return }
    unsent += bytes
    flush()
  }

  func flush() {
    while !unsent.isEmpty, !hasEnded {
      let count = unsent.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        unsent.removeFirst(count)
      } else if errno == EAGAIN || errno == EINTR {
        break
      } else {
        hasEnded = true
      }
    }
    if unsent.count > Self.unsentMax { hasEnded = true }
  }

  /// Calls `body` with all that has come in completely.
  func receive(_ body: (Event) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var isClosed = false
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        received += buffer[..<count]
        // Whoever floods is read on next time.
        if received.count > 1 << 20 { break }
        continue
      }
      if count == 0 || (errno != EAGAIN && errno != EINTR) { isClosed = true }
      break
    }
    var start = 0
    while received.count - start >= 2, !hasEnded {
      let count = Int(received[start]) | Int(received[start + 1]) << 8
      guard count > 0, count <= sizeMax else {
        hasEnded = true
        break
      }
      guard received.count - start - 2 >= count else { break }
      if let message = PartyMessage(body: received[start + 2..<start + 2 + count]) {
        body(.message(message))
      } else {
        hasEnded = true
      }
      start += 2 + count
    }
    received.removeFirst(start)
    if isClosed { hasEnded = true }
    if hasEnded { body(.end) }
  }

  /// An IPv4 address of this machine alone.
  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Calls `body` with the address as the system calls want it.
  static func withAddress<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
