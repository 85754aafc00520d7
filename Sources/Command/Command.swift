// Command: what every program of the project shares at the command line.
//
// Exit codes, arguments with `--help` and `--version`, talk on stderr, data on stdout. Programs hold no logic:
// they parse arguments with this, call a library, and end with an `ExitCode`.

import Glibc

/// How a program ends (sysexits.h).
public enum ExitCode: Int32, Sendable {
  case success = 0
  /// The two things compared differ.
  case different = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  case internalFault = 70
  case cannotCreate = 73
  case inputOutput = 74
  case locked = 75
  case noPermission = 77
  case badConfiguration = 78
}

/// A failure with the exit code it asks for. The message says what is wrong and what to do next.
public struct CommandError: Error, CustomStringConvertible {
  public var code: ExitCode
  public var message: String

  public init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}

/// Writes a line of talk to stderr.
public func say(_ line: String) {
  write(line + "\n", to: 2)
}

/// Writes a line of data to stdout.
public func emit(_ line: String) {
  write(line + "\n", to: 1)
}

private func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}

/// Runs a program: `body` returns or throws its exit code; `DataError`s and others become a message and a code.
public func runProgram(_ name: String, _ body: () throws -> ExitCode) -> Never {
  signal(SIGPIPE, SIG_IGN)
  do {
    exit(try body().rawValue)
  } catch let error as CommandError {
    say("\(name): \(error.message)")
    exit(error.code.rawValue)
  } catch {
    say("\(name): \(error)")
    exit(ExitCode.badData.rawValue)
  }
}
