import Agent
import Core
import Perception
import Telemetry

/// Other names for the players of a session, the same one for the same player wherever it stands.
///
/// Names of other beings stay: they are data of the environment, and decisions depend on them.
struct Pseudonyms {
  /// Runs of letters that are, or are part of, a player's name.
  private(set) var words: [[UInt8]: [UInt8]] = [:]

  var isEmpty: Bool { words.isEmpty }

  /// Learns the names of the players in a snapshot, and of the party.
  mutating func learn(from input: TickInput) {
    learn(input.state.player.name)
    for spawn in input.state.spawns where spawn.kind == .player { learn(spawn.name) }
    for peer in input.peers { learn(peer.name) }
    if let followed = input.configuration?.follows { learn(followed) }
  }

  private mutating func learn(_ name: FixedName) {
    guard !name.isEmpty else { return }
    name.withBytes { bytes in
      Self.runs(UnsafeRawBufferPointer(bytes)) { run, isWord in
        // One letter is nobody's name.
        guard isWord, run.count > 1, words[Array(run)] == nil else { return }
        words[Array(run)] = Array("Somebody\(Self.letters(words.count))".utf8)
      }
    }
  }

  /// "a" … "z", "ba" …: no digits, which tell beings of one species apart.
  private static func letters(_ number: Int) -> String {
    let digit = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number % 26)))
    return number < 26 ? digit : letters(number / 26) + digit
  }

  /// Calls `body` with every run of letters, and every run of other bytes between.
  private static func runs(_ bytes: UnsafeRawBufferPointer, _ body: (Slice<UnsafeRawBufferPointer>, Bool) -> Void) {
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
    var start = 0
    while start < bytes.count {
      var end = start + 1
      while end < bytes.count, isLetter(bytes[end]) == isLetter(bytes[start]) { end += 1 }
      body(bytes[start..<end], isLetter(bytes[start]))
      start = end
    }
  }

  /// `bytes` with every player's name replaced.
  func replaced(_ bytes: [UInt8]) -> [UInt8] {
    guard !words.isEmpty else { return bytes }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    bytes.withUnsafeBytes { bytes in
      Self.runs(bytes) { run, isWord in
        if isWord, let other = words[Array(run)] {
          output.append(contentsOf: other)
        } else {
          output.append(contentsOf: run)
        }
      }
    }
    return output
  }

  func replaced(_ text: String) -> String { String(decoding: replaced(Array(text.utf8)), as: UTF8.self) }
  func replaced(_ name: FixedName) -> FixedName { FixedName(replaced(name.description)) }

  func replace(in input: inout TickInput) {
    input.state.player.name = replaced(input.state.player.name)
    for index in input.state.spawns.indices {
      input.state.spawns[index].name = replaced(input.state.spawns[index].name)
    }
    for index in input.peers.indices { input.peers[index].name = replaced(input.peers[index].name) }
    if let followed = input.configuration?.follows {
      input.configuration?.follows = replaced(followed)
    }
    input.chat = input.chat.map { FixedText(Self.withoutSpeech(replaced($0.description))) }
  }

  /// What somebody says stands between quotation marks, and is nobody's business.
  static func withoutSpeech(_ line: String) -> String {
    let verbs = [" says", " say,", " tells ", " tell ", " shouts", " shout,", " auctions", " whispers"]
    guard verbs.contains(where: line.contains), let quote = line.firstIndex(where: { $0 == "'" || $0 == "\"" }) else {
      return line
    }
    return line[...quote] + "...'"
  }

  func replace(in frame: inout TickFrame) {
    for index in frame.receipt.candidates.indices {
      frame.receipt.candidates[index].name = replaced(frame.receipt.candidates[index].name)
    }
    for event in frame.events.indices {
      for field in frame.events[event].fields.indices {
        switch frame.events[event].fields[field].value {
        case .name(let name): frame.events[event].fields[field].value = .name(replaced(name))
        case .text(let text): frame.events[event].fields[field].value = .text(replaced(text))
        default: break
        }
      }
    }
    frame.commands = frame.commands.map { command in
      if case .type(let text) = command { .type(FixedText(replaced(text.description))) } else { command }
    }
  }
}
