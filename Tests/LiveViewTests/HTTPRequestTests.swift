import Core
import Testing

@testable import LiveView

@Suite struct HTTPRequestTests {
  private func parse(_ text: String) -> HTTPRequest.Outcome { HTTPRequest.parse(Array(text.utf8)) }

  @Test func `a request is read with its path, query, host and token`() {
    let text =
      "GET /state.json?zone=2 HTTP/1.1\r\nHost: 127.0.0.1:80\r\nauthorization: Bearer abc\r\n"
      + "Sec-Fetch-Site: same-origin\r\nAccept: */*\r\n\r\n"
    let wanted = HTTPRequest(
      path: "/state.json", query: "zone=2", host: "127.0.0.1:80", token: "abc", site: "same-origin")
    #expect(parse(text) == .request(wanted))
    // Drip-fed, it is incomplete up to the last byte.
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count { #expect(HTTPRequest.parse(bytes.prefix(count)) == .incomplete, "\(count)") }
    #expect(parse("GET / HTTP/1.0\r\n\r\n") == .request(HTTPRequest(path: "/", query: "")))
  }

  @Test func `what is no plain GET is refused, each with its status`() {
    let long = String(repeating: "a", count: 2000)
    let cases: [(text: String, status: HTTPStatus)] = [
      ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("get / HTTP/1.1\r\nHost: a\r\n\r\n", .methodNotAllowed),
      ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .versionNotSupported),
      ("GET / HTTP/1.1\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .badRequest),
      ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", .badRequest),
      ("GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n", .targetTooLong),
      ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", .badRequest),
      ("GET /\u{1B}[2J HTTP/1.1\r\nHost: a\r\n\r\n", .badRequest),
      ("GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n", .badRequest),
      ("GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 9000), .headTooLarge),
      ("\u{16}\u{03}\u{01}\u{00}", .badRequest),
      ("\r\n\r\n", .badRequest),
    ]
    for (text, status) in cases { #expect(parse(text) == .refused(status), "\(text.prefix(60).debugDescription)") }
  }

  @Test func `garbage never traps`() {
    for seed in UInt64(1)...4 {
      var random = SeededGenerator(seed: seed)
      let base = Array("GET /state.json?x=1 HTTP/1.1\r\nHost: localhost\r\nX-Y: z\r\n\r\n".utf8)
      for _ in 0..<4000 {
        var bytes = random.chance(0.5) ? base : []
        for _ in 0..<random.integer(0...30) {
          let byte = UInt8(random.integer(0...255))
          let special: [UInt8] = [0x0D, 0x0A, 0x20, 0x3A, 0x3F, byte]
          bytes.insert(special[random.integer(0...5)], at: random.integer(0...bytes.count))
        }
        _ = HTTPRequest.parse(bytes)
      }
    }
  }
}
