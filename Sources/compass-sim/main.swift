import Command

runProgram("compass-sim") {
  throw CommandError(.internalFault, "not built yet")
}
