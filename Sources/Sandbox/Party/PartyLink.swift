import CLinux
import Core
import Glibc

/// A client's way to the server, once that has agreed.
final class PartyLink {
  let socket: PartySocket
  let terms: PartyTerms
  /// What came along with the welcome.
  private var early: [PartyMessage] = []

  /// Connects and introduces itself; waits ten seconds for the answer.
  /// - Throws: `SandboxFailure.server`.
  init(port: UInt16, worldHash: UInt64, player: Int?) throws {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = PartySocket.loopback(port: port)
    guard descriptor >= 0, PartySocket.withAddress(&address, { connect(descriptor, $0, $1) }) == 0 else {
      let cause = systemMessage(errno)
      if descriptor >= 0 { close(descriptor) }
      throw SandboxFailure.server("no server answers on port \(port): \(cause)")
    }
    let socket = PartySocket(descriptor, sizeMax: PartyMessage.sizeMax)
    self.socket = socket
    socket.send(.hello(worldHash: worldHash, player: player))
    let last = linux_monotonic_nanoseconds() + 10_000_000_000
    var terms: PartyTerms?
    var refusal: String?
    var messages: [PartyMessage] = []
    while terms == nil, refusal == nil, linux_monotonic_nanoseconds() < last {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      _ = linux_poll(&poll, 1, 200_000)
      socket.receive { event in
        switch event {
        case .message(.welcome(let given)): terms = given
        case .message(.refusal(let text)): refusal = text.description
        case .message(let message): messages.append(message)
        case .end: refusal = refusal ?? "it hung up"
        }
      }
    }
    guard let terms else {
      throw SandboxFailure.server("the server on port \(port) refuses: \(refusal ?? "it says nothing")")
    }
    self.terms = terms
    early = messages
  }

  /// Calls `body` with all that has come in; false when the server is gone.
  func receive(_ body: (PartyMessage) -> Void) -> Bool {
    for message in early { body(message) }
    early.removeAll()
    var isThere = true
    socket.receive { event in
      switch event {
      case .message(let message): body(message)
      case .end: isThere = false
      }
    }
    return isThere
  }
}
