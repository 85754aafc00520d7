import CX11
import Core

/// Which key does what in the observed program: an environment's `keys.json`.
///
///     {"bindings": {"forward": "w", "gem1": "1"}, "chat": {"open": "slash", "submit": "Return"}, "kill_switch": "Pause"}
public struct KeyBindings: Sendable {
  /// X keysyms by raw value of the action; nil for what is not bound.
  let keysyms: [KeySym?]
  let chatOpen: KeySym
  let chatSubmit: KeySym
  /// The character that the opening key itself puts into the line; typed text that begins with it leaves it out.
  let chatOpens: Character?
  /// The key that stops everything, wherever the focus is. Pause, unless the file names another.
  let killSwitch: KeySym

  /// Name of the kill switch's key, as it stands in `keys.json`.
  public var killSwitchName: String { XKeysymToString(killSwitch).map { String(cString: $0) } ?? "?" }

  /// Checks names of actions and keysyms, and that no key does two things.
  public static func parse(_ bytes: some Collection<UInt8>, file: String) throws(DataError) -> KeyBindings {
    let root = try DataNode.parse(bytes, file: file)
    try root.allowKeys(["bindings", "chat", "kill_switch"])
    var keysyms: [KeySym?] = Array(repeating: nil, count: KeyAction.allCases.count)
    var users: [KeySym: String] = [:]
    let known = Set(KeyAction.allCases.map(\.name))
    try root["bindings"].allowKeys(known)
    for (name, node) in try root["bindings"].object() {
      guard let action = KeyAction(name: name) else { continue }
      let keysym = try keysym(node)
      if let other = users.updateValue(name, forKey: keysym) {
        throw node.error("\"\(try node.string())\" is bound to \(other) already")
      }
      keysyms[Int(action.rawValue)] = keysym
    }
    for action in [KeyAction.forward, .turnLeft, .turnRight] where keysyms[Int(action.rawValue)] == nil {
      throw root["bindings"].error("\(action.name) is not bound; nothing can move without it")
    }
    try root["chat"].allowKeys(["open", "submit"])
    let open = try keysym(root["chat"]["open"])
    let killSwitch = root["kill_switch"].exists ? try keysym(root["kill_switch"]) : KeySym(XK_Pause)
    if let other = users[killSwitch] {
      throw root["kill_switch"].error("the kill switch cannot be a key that the agent presses (\(other))")
    }
    return KeyBindings(
      keysyms: keysyms, chatOpen: open, chatSubmit: try keysym(root["chat"]["submit"]),
      chatOpens: (0x21..<0x7F).contains(open) ? UnicodeScalar(UInt8(open)).properties.lowercaseMapping.first : nil,
      killSwitch: killSwitch)
  }

  private static func keysym(_ node: DataNode) throws(DataError) -> KeySym {
    let name = try node.string()
    let keysym = XStringToKeysym(name)
    guard keysym != 0 else { throw node.error("\"\(name)\" is no X keysym name") }
    return keysym
  }

  /// The keysyms that type `text`, from opening the chat line to submitting it.
  func keystrokes(_ text: FixedText) -> [KeySym] {
    var characters = Substring(text.description)
    if let chatOpens, characters.first == chatOpens { characters = characters.dropFirst() }
    return [chatOpen] + characters.utf8.map { KeySym($0) } + [chatSubmit]
  }
}
