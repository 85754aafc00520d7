import Core
import Telemetry

/// Why a command ends other than well; the program turns it into its exit code.
public enum SessionsFailure: Error, CustomStringConvertible {
  case usage(String)
  case badData(String)
  case noInput(String)
  case cannotCreate(String)

  public var description: String {
    switch self {
    case .usage(let text), .badData(let text), .noInput(let text), .cannotCreate(let text): text
    }
  }

  init(_ error: SessionError) {
    switch error {
    case .notASession: self = .noInput(error.description)
    case .exists, .cannotCreate: self = .cannotCreate(error.description)
    case .unreadable, .inUse: self = .badData(error.description)
    }
  }
}

/// Reads a session for a command.
/// - Throws: `.noInput` when there is none, `.badData` when nothing in it can be read.
public func readSession(_ directory: String) throws(SessionsFailure) -> SessionDigest {
  let session: SessionDigest
  do {
    session = try SessionDigest.read(directory)
  } catch {
    throw SessionsFailure(error)
  }
  guard session.ticks > 0 || session.reading.lines > session.reading.skipped || session.reading.lines == 0 else {
    throw .badData("\(directory): none of \(session.reading.lines) lines is a record of a session")
  }
  return session
}

/// Recovers a crashed session.
/// - Returns: what was done, for a reader.
public func recoverSession(_ directory: String) throws(SessionsFailure) -> String {
  do {
    switch try SessionRecovery.recover(directory) {
    case .nothingToDo: return "\(directory): nothing to do"
    case .recovered(let ticks, let forensics):
      return "\(directory): recovered; the last \(ticks) ticks are in \(forensics ?? "no file (there are enough)")"
    case .cutAfterReboot: return "\(directory): the machine was restarted since; files were cut to whole lines"
    }
  } catch {
    throw SessionsFailure(error)
  }
}
