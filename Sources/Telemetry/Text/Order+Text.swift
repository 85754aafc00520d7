import Core

extension RoutineOrder {
  /// The order's values under their stable names.
  public func fields(_ put: (StaticString, FieldValue) -> Void) {
    put("routine", .word(StaticWord(routine)))
    switch self {
    case .deathRecovery, .memorizeSpells, .unstick:
      break
    case .feignDeath(let spell), .summonPet(let spell), .buff(let spell):
      put("spell", .integer(Int(spell.raw)))
    case .flee(let to, let threat):
      put("to", .position(to))
      put("from", .entity(threat))
    case .evade(let to, let threat):
      put("to", .position(to))
      put("from", .entity(threat))
    case .combat(let id), .engageAdd(let id), .acquire(let id):
      put("target", .entity(id))
    case .loot(let corpse):
      put("corpse", .entity(corpse))
    case .rest(let health, let mana):
      put("until_health", .number(health))
      put("until_mana", .number(mana))
    case .pull(let target, let mode):
      put("target", .entity(target))
      put("mode", .word(StaticWord(mode)))
    case .vendor(let merchant, let at):
      put("merchant", .entity(merchant))
      put("at", .position(at))
    case .recoverCorpse(let at):
      put("at", .position(at))
    case .travel(let to, let zone):
      put("to", .position(to))
      put("zone", .zone(zone))
    case .wander(let around, let radius):
      put("around", .position(around))
      put("radius", .number(radius))
    }
  }

  /// One line for a reader, such as "pull target=17 mode=pet".
  public var text: String {
    var words: [String] = [routine.name]
    fields { name, value in
      if "\(name)" != "routine" { words.append("\(name)=\(value.text)") }
    }
    return words.joined(separator: " ")
  }
}

extension MotorCommand {
  /// One word for a reader, such as "press:turnLeft:120ms".
  public var text: String {
    switch self {
    case .hold(let key): "hold:\(key.name)"
    case .release(let key): "release:\(key.name)"
    case .tap(let key): "tap:\(key.name)"
    case .press(let key, let milliseconds): "press:\(key.name):\(milliseconds)ms"
    case .type(let text): "type:\"\(text)\""
    case .releaseAll: "releaseAll"
    }
  }
}

extension FieldValue {
  /// For a reader.
  public var text: String {
    switch self {
    case .null: "-"
    case .flag(let flag): flag ? "yes" : "no"
    case .integer(let number): String(number)
    case .number(let number): number.hundredths
    case .text(let text): text.printable
    case .word(let word): word.text
    case .name(let name): "\"\(name)\""
    case .position(let position): position.description
    }
  }
}

extension Double {
  /// Text with two decimals; "?" for what is no finite number.
  public var hundredths: String {
    guard isFinite, abs(self) < 1e15 else { return "?" }
    let scaled = Int((abs(self) * 100).rounded())
    let sign = self < 0 && scaled > 0 ? "-" : ""
    let part = scaled % 100
    return "\(sign)\(scaled / 100).\(part < 10 ? "0" : "")\(part)"
  }

  /// Rounded for JSON: three decimals are enough for what is shown.
  var thousandths: Double { isFinite && abs(self) < 1e12 ? (self * 1000).rounded() / 1000 : self }
}

extension String {
  /// Without control characters, so that a line stays a line and a terminal obeys nobody.
  public var printable: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
  }
}

extension JSONText {
  public mutating func member(_ name: String, _ value: FieldValue) {
    key(name)
    switch value {
    case .null: null()
    case .flag(let flag): self.value(flag)
    case .integer(let number): self.value(number)
    case .number(let number): self.value(number.thousandths)
    case .text(let text): self.value(text)
    case .word(let word): self.value(word.text)
    case .name(let name): self.value(name.description)
    case .position(let position):
      array {
        $0.value(position.x.thousandths)
        $0.value(position.y.thousandths)
        $0.value(position.z.thousandths)
      }
    }
  }

  /// A member that is left out when there is no value.
  mutating func memberIfAny(_ name: String, _ number: Double?) {
    if let number { member(name, number.thousandths) }
  }
}
