import Command

runProgram("compass-sessions") {
  throw CommandError(.internalFault, "not built yet")
}
