import Command

runProgram("compass-sandbox") {
  throw CommandError(.internalFault, "not built yet")
}
