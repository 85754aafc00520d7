import Command
import Nav
import TerrainBuilder

/// Gives the errors of the libraries their exit codes.
func withFaultsNamed(_ body: () throws -> ExitCode) throws -> ExitCode {
  do {
    return try body()
  } catch let error as AssetError {
    throw CommandError(error.kind == .unreadable ? .noInput : .badData, error.description)
  } catch let error as TerrainError {
    if case .unreadable = error { throw CommandError(.noInput, error.description) }
    throw CommandError(.badData, error.description)
  } catch let error as WriteError {
    throw CommandError(.cannotCreate, error.description)
  } catch let error as BuildError {
    throw CommandError(.badData, error.description)
  }
}
