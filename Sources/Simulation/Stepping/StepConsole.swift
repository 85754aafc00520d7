import Agent
import Core
import Perception
import Telemetry

/// Steps through a run by words from a terminal, or from a pipe.
///
///     var console = StepConsole(stepper, breakpoints: breakpoints) { talk($0) }
///     while let line = readLine(), try console.obey(line) {}
public struct StepConsole {
  private var stepper: SimulationStepper
  private var breakpoints: [Breakpoint]
  private let show: (String) -> Void
  private var repeated = "step"

  public static let help = """
    step [N]        one tick, or N (s)
    continue [N]    to the next breakpoint, or to tick N (c)
    state           the player, its target and pet, keys, routine
    rules           what every rule said, with the measured value and its threshold
    plan            the plan under way, with what its steps need and give
    receipt         the decision: layer, rule, score, runner-up, candidates, keys asked for, events
    spawns [N]      the N nearest beings (10)
    break SPEC      adds a breakpoint: tick N, rule NAME, layer NAME, event KEY (b)
    delete N        takes breakpoint N away
    breaks          lists the breakpoints
    quit            ends (q); so does the end of the input
    An empty line repeats the last step or continue.
    """

  public init(_ stepper: SimulationStepper, breakpoints: [Breakpoint], show: @escaping (String) -> Void) {
    self.stepper = stepper
    self.breakpoints = breakpoints
    self.show = show
  }

  /// Before the next word on a terminal.
  public var prompt: String { stepper.last.map { "#\($0.slot)> " } ?? "start> " }

  /// Does what one line says; false when it says to end.
  public mutating func obey(_ line: String) throws -> Bool {
    let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
    let rest = words.dropFirst().joined(separator: " ")
    switch words.first {
    case nil: return try obey(repeated)
    case "quit", "q", "exit": return false
    case "help", "h", "?": show(Self.help)
    case "step", "s":
      guard let count = number(rest, orElse: 1) else { return true }
      repeated = line
      try run(atMost: count, until: nil)
    case "continue", "c":
      repeated = "continue"
      guard let target = number(rest, orElse: .max) else { return true }
      try run(atMost: .max, until: target)
    case "state": state()
    case "rules": rules()
    case "plan": show(stepper.agent?.planExplanation.map(trimmed) ?? "no plan is under way")
    case "receipt": receipt()
    case "spawns": if let count = number(rest, orElse: 10) { spawns(count) }
    case "break", "b": addBreakpoint(rest)
    case "delete":
      guard let index = number(rest, orElse: 0), breakpoints.indices.contains(index - 1) else {
        show("there is no breakpoint \"\(rest.printable)\"")
        return true
      }
      show("deleted \(breakpoints.remove(at: index - 1).text)")
    case "breaks": breaks()
    case let word?: show("\"\(word.printable)\" is not known; help lists what is")
    }
    return true
  }

  private func trimmed(_ text: String) -> String { text.last == "\n" ? String(text.dropLast()) : text }

  private func number(_ text: String, orElse fallback: Int) -> Int? {
    if text.isEmpty { return fallback }
    guard let number = Int(text), number >= 0 else {
      show("\"\(text.printable)\" is no number")
      return nil
    }
    return number
  }

  private mutating func run(atMost count: Int, until target: Int?) throws {
    var done = 0
    while done < count {
      let before = stepper.last
      guard let tick = try stepper.step() else {
        show("the run is at its end, tick \(stepper.count)")
        return
      }
      done += 1
      if let index = breakpoints.firstIndex(where: { $0.isHit(tick, after: before) }) {
        summary(tick, "breakpoint \(index + 1): \(breakpoints[index].text)")
        return
      }
      if let target, tick.slot >= target { break }
    }
    if let last = stepper.last { summary(last, nil) }
  }

  private func summary(_ tick: SteppedTick, _ cause: String?) {
    show("#\(tick.slot) \(tick.output.receipt.sentence)" + (cause.map { "  [\($0)]" } ?? ""))
    for event in tick.output.events { show("  event \(text(event))") }
  }

  private func text(_ event: SessionEvent) -> String {
    var words = [event.key]
    event.fields { name, value in words.append("\(name)=\(value.text)") }
    return words.joined(separator: " ")
  }

  private mutating func addBreakpoint(_ spec: String) {
    do {
      guard let new = try Breakpoint.parse(line: spec, file: "break", number: 1) else {
        show("break what? tick N, rule NAME, layer NAME or event KEY")
        return
      }
      breakpoints.append(new)
      show("breakpoint \(breakpoints.count): \(new.text)")
    } catch {
      show(error.cause)
    }
  }

  private func breaks() {
    if breakpoints.isEmpty { show("no breakpoints") }
    for (index, breakpoint) in breakpoints.enumerated() { show("\(index + 1)  \(breakpoint.text)") }
  }

  // MARK: - Inspecting

  private func state() {
    guard let tick = stepper.last else {
      show("nothing has happened yet; step")
      return
    }
    let (state, player) = (tick.input.state, tick.input.state.player)
    show(
      "tick \(tick.slot) of \(stepper.count), \(state.validity), zone \(state.zone.map { "\($0.raw)" } ?? "?"), "
        + "world step \(stepper.world.stepIndex), decisions \(hexadecimal(stepper.decisionHash))")
    show(
      "at \(player.position?.description ?? "?"), heading \(player.heading?.degrees.tenths ?? "?"), "
        + "\(player.stand.map { String(describing: $0) } ?? "?"), level \(player.level.map(String.init) ?? "?")")
    show(
      "health \(part(player.healthFraction)), mana \(part(player.manaFraction)), in combat "
        + (player.isInCombat.map { $0 ? "yes" : "no" } ?? "?")
        + (player.casting.map { ", casts \($0.spell.raw) for \($0.remaining.tenths) s" } ?? ""))
    for (role, spawn) in [("target", state.targetSpawn), ("pet", state.petSpawn)] {
      if let spawn { show("\(role) \(line(spawn, from: player.position))") }
    }
    let held = tick.input.motor.held
    if !held.isEmpty { show("keys down: " + held.map(\.name).joined(separator: " ")) }
    guard let routine = stepper.agent?.routine else {
      show("no routine runs")
      return
    }
    show(
      "routine \(routine.order.text), state \(routine.phase)\(routine.isLocked ? ", locked" : ""), since tick "
        + "\(routine.started.slot), last progress at \(routine.progressed.slot)")
  }

  private func part(_ fraction: Double?) -> String { fraction.map { "\(($0 * 100).tenths) %" } ?? "?" }

  private func line(_ spawn: Spawn, from place: Position?) -> String {
    let distance = place.map { ", \(spawn.position.distance(to: $0).tenths) away" } ?? ""
    return
      "\(spawn.id.raw) \"\(spawn.name)\" \(spawn.kind) level \(spawn.level), \(part(spawn.healthFraction))\(distance)"
  }

  private func spawns(_ count: Int) {
    guard let state = stepper.last?.input.state else { return show("nothing has happened yet; step") }
    let place = state.player.position
    let sorted = state.spawns.sorted {
      let (left, right) = (place.map($0.position.distance) ?? 0, place.map($1.position.distance) ?? 0)
      return left == right ? $0.id < $1.id : left < right
    }
    for spawn in sorted.prefix(count) { show(line(spawn, from: place)) }
    show("\(state.spawns.count) in sight")
  }

  private func rules() {
    guard let receipt = stepper.last?.output.receipt else { return show("nothing has happened yet; step") }
    for verdict in receipt.verdicts {
      show("\(verdict.rule == receipt.decision.rule ? ">" : verdict.isEligible ? "+" : " ") \(verdict.text)")
    }
    if receipt.verdicts.isEmpty { show("no rule was asked (\(receipt.decision.hold.name))") }
  }

  private func receipt() {
    guard let tick = stepper.last else { return show("nothing has happened yet; step") }
    let receipt = tick.output.receipt
    show("#\(tick.slot) \(receipt.sentence)")
    show(
      "phase \(receipt.phase), credit \(receipt.decision.credit.raw), hash \(hexadecimal(tick.output.decisionHash))")
    for candidate in receipt.candidates { show("  candidate \(candidate.text)") }
    for command in tick.output.commands { show("  key \(command.text)") }
    for event in tick.output.events { show("  event \(text(event))") }
  }
}
