/// Why the client could not start or had to end; each case has its own exit code.
public enum SandboxFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// No X display, or it went away.
  case displayUnavailable(String)
  /// The world's data is missing.
  case noData(String)
  /// Something that was asked for does not exist in the data.
  case unknownName(String)
  case cannotWrite(String)
  /// The server is not there, refuses, or says what makes no sense.
  case server(String)

  public var description: String {
    switch self {
    case .displayUnavailable(let text), .noData(let text), .unknownName(let text), .cannotWrite(let text),
      .server(let text):
      text
    }
  }
}
