import Brain
import Command

/// `compassd explain rules|domain`: what the agent would decide by, without a session.
func explain(_ arguments: inout Arguments) throws -> ExitCode {
  let topic = try arguments.word("what to explain: rules or domain")
  try arguments.finish()
  switch topic {
  case "rules": emit(Explanation.rules())
  case "domain": emit(Explanation.domain())
  default: throw CommandError(.usage, "\"\(topic)\" cannot be explained; rules and domain can")
  }
  return .success
}
