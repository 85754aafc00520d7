import Command

runProgram("compassd") {
  throw CommandError(.internalFault, "not built yet")
}
