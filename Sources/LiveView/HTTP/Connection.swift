import Glibc

/// One viewer's connection: one request, one answer, and the end.
struct Connection {
  private enum State {
    case reading
    /// Sending the answer; so many bytes have gone.
    case writing(Int)
    /// The answer is sent; what still comes is thrown away, since closing over it would take the answer along.
    case draining
  }

  let descriptor: Int32
  /// The peer's, for a loopback connection.
  let port: UInt16?
  let admission: Admission
  private var state = State.reading
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  /// When it is closed, whatever it does. CLOCK_MONOTONIC, nanoseconds; set when first looked at.
  private var deadline: Int64?

  /// A request must come, and its answer be taken, within so long. Unit: nanoseconds.
  static let patience: Int64 = 5_000_000_000
  private static let drainPatience: Int64 = 1_000_000_000

  init(descriptor: Int32, port: UInt16?, admission: Admission) {
    self.descriptor = descriptor
    self.port = port
    self.admission = admission
  }

  /// What it waits for.
  var interest: Int16 {
    if case .writing = state { Int16(POLLOUT) } else { Int16(POLLIN) }
  }

  /// Looks after the time; false when it is up.
  mutating func isInTime(_ now: Int64) -> Bool {
    guard let deadline else {
      self.deadline = now + Self.patience
      return true
    }
    return now < deadline
  }

  /// Goes on as far as possible without waiting; false when the connection is done with.
  /// - Parameter answer: makes the answer to a whole request.
  mutating func advance(_ now: Int64, answer: (HTTPRequest) -> HTTPResponse) -> Bool {
    while true {
      switch state {
      case .reading:
        guard let count = receive(keeping: true) else { return false }
        switch HTTPRequest.parse(input) {
        case .incomplete:
          if count == 0 { return true }
        case .refused(let status): begin(HTTPResponse(status))
        case .request(let request):
          let peer = port.map { Peer.user(ofLoopback: $0, to: admission.port ?? 0) } ?? Peer.user(ofLocal: descriptor)
          begin(admission.refusal(of: request, from: peer) ?? answer(request))
        }
      case .writing(let sent):
        let count = output[sent...].withUnsafeBytes {
          send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        guard sent + count == output.count else {
          state = .writing(sent + count)
          continue
        }
        shutdown(descriptor, Int32(SHUT_WR))
        state = .draining
        deadline = now + Self.drainPatience
      case .draining:
        guard let count = receive(keeping: false) else { return false }
        if count == 0 { return true }
      }
    }
  }

  private mutating func begin(_ response: HTTPResponse) {
    output = response.bytes
    input = []
    state = .writing(0)
  }

  /// Bytes that came; 0 when none are there now, nil at the end.
  private mutating func receive(keeping isKept: Bool) -> Int? {
    var chunk: InlineArray<2048, UInt8> = InlineArray(repeating: 0)
    let count = withUnsafeMutableBytes(of: &chunk) { recv(descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0 { return errno == EAGAIN || errno == EINTR ? 0 : nil }
    guard count > 0 else { return nil }
    if isKept { withUnsafeBytes(of: &chunk) { input.append(contentsOf: $0.prefix(count)) } }
    return count
  }
}
