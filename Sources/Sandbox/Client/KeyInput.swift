import Core
import World

/// Turns key events of the window into the client's commands: bindings, the chat line, auto-repeat.
struct KeyInput {
  /// A line that is being typed; nil when keys are commands.
  private(set) var typed: String?
  private var bindings: [String: ClientKey] = [:]
  /// Keysym names that are down, with what they did when they went down.
  private var down: [(name: String, key: ClientKey)] = []
  /// F1 was pressed: the list of keys is shown.
  private(set) var isHelpShown = false

  static let textCountMax = FixedText.capacityBytes - 1

  init(keys: [(keysym: String, key: ClientKey)]) {
    for (keysym, key) in keys { bindings[keysym] = key }
  }

  /// - Returns: what the world is told; nil when nothing.
  mutating func take(name: String, text: String, isDown: Bool) -> PlayerInput.Event? {
    guard isDown else { return release(name) }
    if typed != nil { return type(name, text) }
    if name == "F1" {
      isHelpShown.toggle()
      return nil
    }
    if name == "Escape", isHelpShown {
      isHelpShown = false
      return nil
    }
    if name == "Return" || name == "slash" || name == "KP_Enter" {
      typed = name == "slash" ? "/" : ""
      return nil
    }
    // A key that is down already repeats by itself.
    guard let key = bindings[name], !down.contains(where: { $0.name == name }) else { return nil }
    let isHeldByAnother = down.contains { $0.key == key }
    down.append((name, key))
    return isHeldByAnother ? nil : .key(key, isDown: true)
  }

  /// Every key comes up, as when the window loses the keyboard.
  mutating func releaseAll() -> [PlayerInput.Event] {
    let keys = down.map(\.key)
    down.removeAll(keepingCapacity: true)
    var events: [PlayerInput.Event] = []
    for key in keys where !events.contains(.key(key, isDown: false)) { events.append(.key(key, isDown: false)) }
    return events
  }

  private mutating func release(_ name: String) -> PlayerInput.Event? {
    guard let index = down.firstIndex(where: { $0.name == name }) else { return nil }
    let key = down.remove(at: index).key
    return down.contains { $0.key == key } ? nil : .key(key, isDown: false)
  }

  private mutating func type(_ name: String, _ text: String) -> PlayerInput.Event? {
    guard var line = typed else { return nil }
    switch name {
    case "Escape":
      typed = nil
    case "BackSpace":
      if !line.isEmpty { line.removeLast() }
      typed = line
    case "Return", "KP_Enter":
      typed = nil
      let words = line.drop { $0 == " " }
      return words.isEmpty || words == "/" ? nil : .text(FixedText(String(words)))
    default:
      for scalar in text.unicodeScalars where (0x20..<0x7F).contains(scalar.value) {
        // Opened by a slash, then typed with one: still one command.
        if line == "/", scalar == "/" { continue }
        guard line.utf8.count < Self.textCountMax else { break }
        line.unicodeScalars.append(scalar)
      }
      typed = line
    }
    return nil
  }
}
