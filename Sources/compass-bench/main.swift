import Command

runProgram("compass-bench") {
  throw CommandError(.internalFault, "not built yet")
}
