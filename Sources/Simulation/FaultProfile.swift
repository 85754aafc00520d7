import Core
import SandboxMirror

/// What goes wrong around the agent while it plays: in the memory it reads, in its keyboard, in its clock.
///
/// Faults come in spells and leave time to recover from each; which one comes when follows from the run's seed alone.
public struct FaultProfile: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Memory, as `Misbehaviour` has it.
    case torn, cycle, garbage, freeze, partial, slow
    /// One press in thirty never reaches the client.
    case keys
    /// A command becomes a key event up to 80 ms late.
    case jitter
    /// The window has no focus for five seconds of each minute.
    case focus
    /// The loop is late: one slot in a hundred begins a gap of up to eight.
    case skips

    var misbehaviour: Misbehaviour? { Misbehaviour(rawValue: rawValue) }
  }

  /// In the order of `Kind`, each once.
  public let kinds: [Kind]

  public init(_ kinds: [Kind] = []) {
    self.kinds = Kind.allCases.filter(kinds.contains)
  }

  /// Names of kinds with commas between them; `memory` are those of memory, `all` is everything. Nil for other text.
  public init?(_ text: String) {
    var kinds: [Kind] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch name {
      case "all": kinds += Kind.allCases
      case "memory": kinds += Kind.allCases.filter { $0.misbehaviour != nil }
      default:
        guard let kind = Kind(rawValue: String(name)) else { return nil }
        kinds.append(kind)
      }
    }
    self.init(kinds)
  }

  public static let names = ["all", "memory"] + Kind.allCases.map(\.rawValue)

  public var text: String { kinds.map(\.rawValue).joined(separator: ",") }
}

/// Makes the faults of a profile happen to one player.
struct FaultInjector {
  private let profile: FaultProfile
  private let memory: [Misbehaviour]
  private var generator: SeededGenerator
  private var resumes = Tick.start
  /// Where in its minute the focus is away. Unit: slots.
  private var focusLoss: Range<Int>

  init(_ profile: FaultProfile, seed: UInt64, player: Int) {
    self.profile = profile
    memory = profile.kinds.compactMap(\.misbehaviour)
    generator = SeededGenerator(seed: mixed(seed ^ UInt64(player) << 40), stream: 0xFA17)
    let start = generator.integer(0...550)
    focusLoss = start..<start + 50
  }

  private func has(_ kind: FaultProfile.Kind) -> Bool { profile.kinds.contains(kind) }

  /// What is wrong with the memory of the frame of world step `step`. A spell of nine seconds comes each half minute;
  /// its last third is sound (`Misbehaviour.isActive`), in which the mirror mends what was broken.
  func misbehaviour(step: Int) -> Misbehaviour? {
    guard !memory.isEmpty, step % 900 < 270 else { return nil }
    return memory[step / 900 % memory.count]
  }

  /// True for a slot that the loop comes too late for.
  mutating func skips(_ tick: Tick) -> Bool {
    guard has(.skips) else { return false }
    if tick >= resumes, generator.chance(0.01) { resumes = tick + generator.integer(1...8) }
    return tick < resumes
  }

  func hasFocus(_ tick: Tick) -> Bool { !has(.focus) || !focusLoss.contains(tick.slot % 600) }

  /// How much later than usual the commands of a tick come. Unit: microseconds.
  mutating func delay() -> Int { has(.jitter) ? generator.integer(0...80_000) : 0 }

  mutating func losesPress() -> Bool { has(.keys) && generator.chance(1.0 / 30) }
}
