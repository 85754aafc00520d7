import Command

runProgram("compass-terrain") {
  throw CommandError(.internalFault, "not built yet")
}
