import Testing
import World

@testable import Sandbox

@Suite struct KeyInputTests {
  static func input() -> KeyInput {
    KeyInput(keys: [("w", .forward), ("Up", .forward), ("Tab", .targetNextNPC), ("Escape", .closeWindow)])
  }

  @Test func `a key goes down once, however often it repeats`() {
    var input = Self.input()
    let events = [("w", true), ("w", true), ("w", true), ("w", false), ("w", false)].map {
      input.take(name: $0.0, text: $0.0, isDown: $0.1)
    }
    #expect(events == [.key(.forward, isDown: true), nil, nil, .key(.forward, isDown: false), nil])
  }

  @Test func `two keys for one command count as one`() {
    var input = Self.input()
    let events = [("w", true), ("Up", true), ("w", false), ("Up", false)].map {
      input.take(name: $0.0, text: "", isDown: $0.1)
    }
    #expect(events == [.key(.forward, isDown: true), nil, nil, .key(.forward, isDown: false)])
  }

  /// What is typed, key by key ("Return" and the like by name), and the line that comes out.
  @Test func `the chat line takes letters, not commands`() {
    let cases: [([String], String?)] = [
      (["slash", "s", "e", "l", "l", "Return"], "/sell"), (["Return", "slash", "w", "Return"], "/w"),
      (["slash", "slash", "w", "Return"], "/w"), (["Return", "w", "BackSpace", "h", "i", "Return"], "hi"),
      (["Return", "w", "Escape"], nil), (["slash", "Return"], nil), (["Return", "Return"], nil),
    ]
    for (keys, wanted) in cases {
      var input = Self.input()
      var lines: [String] = []
      for key in keys {
        let text = key == "slash" ? "/" : key.count == 1 ? key : ""
        switch input.take(name: key, text: text, isDown: true) {
        case .text(let line): lines.append(line.description)
        case .key(let key, _): Issue.record("\(key) while typing")
        case nil: break
        }
        _ = input.take(name: key, text: "", isDown: false)
      }
      #expect(lines == (wanted.map { [$0] } ?? []), "\(keys)")
    }
  }

  @Test func `a key held while the chat opens still comes up`() {
    var input = Self.input()
    _ = input.take(name: "w", text: "w", isDown: true)
    _ = input.take(name: "slash", text: "/", isDown: true)
    #expect(input.take(name: "w", text: "", isDown: false) == .key(.forward, isDown: false))
  }

  @Test func `losing the focus releases everything`() {
    var input = Self.input()
    for key in ["w", "Up", "Tab"] { _ = input.take(name: key, text: "", isDown: true) }
    #expect(input.releaseAll() == [.key(.forward, isDown: false), .key(.targetNextNPC, isDown: false)])
    #expect(input.releaseAll() == [])
  }

  @Test func `server time keeps the distance between two events`() {
    var clock = ServerClock()
    let first = clock.nanoseconds(of: 5_000, receivedAt: 91_000_400_000)
    // The second was received late, but stamped 83 ms after the first.
    let second = clock.nanoseconds(of: 5_083, receivedAt: 91_120_000_000)
    #expect(second - first == 83_000_000)
    // A restarted server counts anew.
    let third = clock.nanoseconds(of: 3, receivedAt: 5_000_000_000_000)
    #expect(third == 5_000_000_000_000)
  }
}
