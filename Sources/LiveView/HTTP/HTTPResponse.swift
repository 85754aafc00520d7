/// How a request is answered.
enum HTTPStatus: Int, Sendable, CaseIterable {
  case okay = 200
  case badRequest = 400
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case timedOut = 408
  case targetTooLong = 414
  case misdirected = 421
  case headTooLarge = 431
  case unavailable = 503
  case versionNotSupported = 505

  var reason: String {
    switch self {
    case .okay: "OK"
    case .badRequest: "Bad Request"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .timedOut: "Request Timeout"
    case .targetTooLong: "URI Too Long"
    case .misdirected: "Misdirected Request"
    case .headTooLarge: "Request Header Fields Too Large"
    case .unavailable: "Service Unavailable"
    case .versionNotSupported: "HTTP Version Not Supported"
    }
  }
}

/// One answer; the connection is closed after it.
struct HTTPResponse: Sendable {
  enum Content: String, Sendable {
    case html = "text/html; charset=utf-8"
    case json = "application/json"
    case text = "text/plain; charset=utf-8"
    case prometheus = "text/plain; version=0.0.4; charset=utf-8"
  }

  var status: HTTPStatus
  var content: Content
  var body: [UInt8]

  init(_ status: HTTPStatus, _ content: Content, _ body: [UInt8]) {
    self.status = status
    self.content = content
    self.body = body
  }

  /// A refusal, or any answer that is one line of text.
  init(_ status: HTTPStatus, _ line: String? = nil) {
    self.init(status, .text, Array("\(line ?? status.reason)\n".utf8))
  }

  /// The page may load nothing from anywhere, be framed by nobody, and be read by no other site's script.
  private static let policy = """
    Content-Security-Policy: default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r
    Cross-Origin-Resource-Policy: same-origin\r
    X-Content-Type-Options: nosniff\r
    Referrer-Policy: no-referrer\r
    Cache-Control: no-store\r
    Connection: close\r

    """

  var bytes: [UInt8] {
    var head = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n"
    head += "Content-Type: \(content.rawValue)\r\nContent-Length: \(body.count)\r\n"
    if status == .methodNotAllowed { head += "Allow: GET\r\n" }
    head += Self.policy + "\r\n"
    return Array(head.utf8) + body
  }
}
