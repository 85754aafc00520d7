import Command
import Core
import Foundation
import Simulation
import World

let stepUsage = """


  compass-sim step [--seed N] [--breakpoints FILE] [--minutes M] [--phase 0-4] [--kit NAME] [--level N] [--zone NAME]
                   [--latency MS] [--no-goap] [--learned FILE] [--environment NAME]
      one seed's run, tick by tick: words on the standard input say how far, and what of it is shown (help lists them)

  A file of breakpoints holds one a line; "#" begins a remark:
      tick 1200            at this tick (10 in a second)
      rule flee            when this rule is chosen (compassd explain rules lists them)
      layer emergency      when this layer begins to decide
      event player.death   when this happens; event encounter.* stands for all that begin so
  """

/// `compass-sim step`: the run waits for words, from a person or from a pipe.
func step(_ arguments: inout Arguments) throws -> ExitCode {
  var options = SimulationOptions()
  options.minutes = try arguments.number("--minutes", in: 0.01...1e6) ?? 60
  if let phase = try arguments.integer("--phase", in: 0...4) { options.phase = UInt8(phase) }
  options.setup = PlayerSetup(
    kit: try arguments.value("--kit"), level: try arguments.integer("--level", in: 1...50) ?? 5,
    zone: try arguments.value("--zone"))
  if let latency = try arguments.number("--latency", in: 0...1000) { options.latency = Int(latency * 1000) }
  options.usesPlanner = !arguments.flag("--no-goap")
  options.learned = try experience(&arguments)
  let seed = try arguments.integer("--seed", in: 0...Int.max) ?? 0
  let environment = try arguments.value("--environment") ?? "sandbox"
  let file = try arguments.value("--breakpoints")
  try arguments.finish()
  let breakpoints = try file.map(readBreakpoints) ?? []
  let data = try SimulationData(environment: environment)
  let stepper = try SimulationStepper(data: data, options: options, seed: UInt64(seed))
  var console = StepConsole(stepper, breakpoints: breakpoints) { emit($0) }
  let isTerminal = isatty(0) == 1
  if isTerminal { say("seed \(seed), \(breakpoints.count) breakpoints; help lists the words") }
  while true {
    if isTerminal { FileHandle.standardError.write(Data(console.prompt.utf8)) }
    guard let line = readLine(), try console.obey(line) else { return .success }
  }
}

private func readBreakpoints(_ path: String) throws -> [Breakpoint] {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw CommandError(.noInput, "\(path) cannot be read")
  }
  guard data.count <= 1 << 20 else { throw CommandError(.badData, "\(path) is larger than any list of breakpoints") }
  return try Breakpoint.parse(String(decoding: data, as: UTF8.self), file: path)
}

/// The experience that `--learned FILE` names, as bytes; empty without. The file is only read.
func experience(_ arguments: inout Arguments) throws -> [UInt8] {
  guard let path = try arguments.value("--learned") else { return [] }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw CommandError(.noInput, "\(path) cannot be read")
  }
  return [UInt8](data)
}
