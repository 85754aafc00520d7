/// What a viewer asks for. The parser knows as much of HTTP/1.1 as GET needs, and refuses everything else.
struct HTTPRequest: Hashable, Sendable {
  var path: String
  /// The part after "?"; empty without one.
  var query: String
  /// As it stands in the `Host` header; nil when there is none (HTTP/1.0).
  var host: String?
  /// The token of `Authorization: Bearer TOKEN`.
  var token: String?
  /// `Sec-Fetch-Site`, which browsers send: which page asks.
  var site: String?

  /// What a buffer holds so far.
  enum Outcome: Hashable, Sendable {
    case incomplete
    case request(HTTPRequest)
    case refused(HTTPStatus)
  }

  /// Largest head of a request, and most header lines in it.
  static let headSizeMax = 8192
  static let lineCountMax = 64
  static let targetSizeMax = 1024

  /// Reads the head of a request.
  static func parse(_ bytes: some RandomAccessCollection<UInt8>) -> Outcome {
    let bytes = Array(bytes.prefix(headSizeMax + 1))
    guard let end = endOfHead(bytes) else {
      if bytes.count > headSizeMax { return .refused(.headTooLarge) }
      // A line that cannot become a request is refused before it is complete.
      return bytes.prefix(8).allSatisfy({ isVisible($0) || $0 == 0x20 || $0 == 0x0D || $0 == 0x0A })
        ? .incomplete : .refused(.badRequest)
    }
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while start < end {
      guard let stop = bytes[start..<end + 2].firstIndex(of: 0x0D), bytes[stop + 1] == 0x0A else {
        return .refused(.badRequest)
      }
      lines.append(bytes[start..<stop])
      start = stop + 2
    }
    guard lines.count <= lineCountMax, let first = lines.first else { return .refused(.badRequest) }
    return read(first, headers: lines.dropFirst())
  }

  /// Where the last line before the empty one ends; nil while the empty line has not come.
  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 0...min(bytes.count - 4, headSizeMax - 4)
    where bytes[index] == 0x0D && bytes[index + 1] == 0x0A && bytes[index + 2] == 0x0D && bytes[index + 3] == 0x0A {
      return index
    }
    return nil
  }

  private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

  private static func read(_ line: ArraySlice<UInt8>, headers: ArraySlice<ArraySlice<UInt8>>) -> Outcome {
    let words = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].count <= 16, words.allSatisfy({ $0.allSatisfy(isVisible) })
    else { return .refused(.badRequest) }
    let version = text(words[2])
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      return .refused(version.hasPrefix("HTTP/") ? .versionNotSupported : .badRequest)
    }
    guard text(words[0]) == "GET" else { return .refused(.methodNotAllowed) }
    guard words[1].count <= targetSizeMax else { return .refused(.targetTooLong) }
    guard words[1].first == UInt8(ascii: "/") else { return .refused(.badRequest) }
    let target = words[1].split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    var request = HTTPRequest(path: text(target[0]), query: target.count > 1 ? text(target[1]) : "")
    for header in headers {
      if let refusal = request.take(header) { return .refused(refusal) }
    }
    // Without a name there is nothing that shows for whom the request was meant.
    guard request.host != nil || version == "HTTP/1.0" else { return .refused(.badRequest) }
    return .request(request)
  }

  /// Takes in one header line; a status when the request must be refused for it.
  private mutating func take(_ line: ArraySlice<UInt8>) -> HTTPStatus? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(Self.isNameByte),
      line[(colon + 1)...].allSatisfy({ Self.isVisible($0) || $0 == 0x20 || $0 == 0x09 || $0 >= 0x80 })
    else { return .badRequest }
    var value = line[(colon + 1)...]
    while value.first == 0x20 || value.first == 0x09 { value.removeFirst() }
    while value.last == 0x20 || value.last == 0x09 { value.removeLast() }
    let content = Self.text(value)
    switch Self.text(line[..<colon]).lowercased() {
    case "host":
      guard host == nil else { return .badRequest }
      host = content
    case "authorization":
      if content.lowercased().hasPrefix("bearer ") { token = String(content.dropFirst(7)) }
    case "sec-fetch-site": site = content.lowercased()
    case "content-length":
      guard content == "0" else { return .badRequest }
    case "transfer-encoding", "upgrade", "expect": return .badRequest
    default: break
    }
    return nil
  }

  /// What the name of a header may be made of.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
