import Core

/// A value in an event or a log line.
public enum FieldValue: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  /// The name of a case; text that costs nothing to carry.
  case word(StaticWord)
  case name(FixedName)
  case position(Position)

  public static func entity(_ id: EntityID?) -> FieldValue { id.map { .integer(Int($0.raw)) } ?? .null }
  public static func zone(_ id: ZoneID?) -> FieldValue { id.map { .integer(Int($0.raw)) } ?? .null }
  public static func optional(_ number: Double?) -> FieldValue { number.map { .number($0) } ?? .null }
}

/// The name of one case of one of Core's or Telemetry's enumerations, in two bytes.
public struct StaticWord: Hashable, Sendable {
  enum Kind: UInt8, CaseIterable, Sendable {
    case rule, ruleReason, ruleClass, layer, holdReason, routine, routineFailure, pullMode, encounterOutcome
    case invariant, fault, motorRefusal, key, incident, activity, strategySwitch, anomaly
  }

  let kind: Kind
  let raw: UInt8

  public init(_ value: RuleID) { (kind, raw) = (.rule, value.rawValue) }
  public init(_ value: RuleReason) { (kind, raw) = (.ruleReason, value.rawValue) }
  public init(_ value: RuleClass) { (kind, raw) = (.ruleClass, value.rawValue) }
  public init(_ value: DecisionLayer) { (kind, raw) = (.layer, value.rawValue) }
  public init(_ value: HoldReason) { (kind, raw) = (.holdReason, value.rawValue) }
  public init(_ value: RoutineID) { (kind, raw) = (.routine, value.rawValue) }
  public init(_ value: RoutineFailure) { (kind, raw) = (.routineFailure, value.rawValue) }
  public init(_ value: PullMode) { (kind, raw) = (.pullMode, value.rawValue) }
  public init(_ value: EncounterEnd.Outcome) { (kind, raw) = (.encounterOutcome, value.rawValue) }
  public init(_ value: Invariant) { (kind, raw) = (.invariant, value.rawValue) }
  public init(_ value: Fault) { (kind, raw) = (.fault, value.rawValue) }
  public init(_ value: MotorRefusal) { (kind, raw) = (.motorRefusal, value.rawValue) }
  public init(_ value: KeyAction) { (kind, raw) = (.key, value.rawValue) }
  public init(_ value: StrategySwitch) { (kind, raw) = (.strategySwitch, value.rawValue) }
  public init(_ value: Anomaly) { (kind, raw) = (.anomaly, value.rawValue) }

  public init(_ value: IncidentReport.Kind) { (kind, raw) = (.incident, value.rawValue) }
  public init(_ value: ActivityPhase) { (kind, raw) = (.activity, value.rawValue) }

  init?(kind: UInt8, raw: UInt8) {
    guard let kind = Kind(rawValue: kind) else { return nil }
    (self.kind, self.raw) = (kind, raw)
  }

  public var text: String {
    switch kind {
    case .rule: text(of: RuleID.self)
    case .ruleReason: text(of: RuleReason.self)
    case .ruleClass: text(of: RuleClass.self)
    case .layer: text(of: DecisionLayer.self)
    case .holdReason: text(of: HoldReason.self)
    case .routine: text(of: RoutineID.self)
    case .routineFailure: text(of: RoutineFailure.self)
    case .pullMode: text(of: PullMode.self)
    case .encounterOutcome: text(of: EncounterEnd.Outcome.self)
    case .invariant: text(of: Invariant.self)
    case .fault: text(of: Fault.self)
    case .motorRefusal: text(of: MotorRefusal.self)
    case .key: text(of: KeyAction.self)
    case .incident: text(of: IncidentReport.Kind.self)
    case .activity: text(of: ActivityPhase.self)
    case .strategySwitch: text(of: StrategySwitch.self)
    case .anomaly: text(of: Anomaly.self)
    }
  }

  private func text<Case: RawRepresentable<UInt8>>(of _: Case.Type) -> String {
    Case(rawValue: raw).map { String(describing: $0) } ?? "unknown\(raw)"
  }
}

/// A named value.
public struct Field: Hashable, Sendable {
  public var name: String
  public var value: FieldValue

  public init(_ name: String, _ value: FieldValue) {
    self.name = name
    self.value = value
  }
}

extension ByteWriter {
  /// A named value; the name travels along, so that any later build can read it.
  public mutating func put(_ name: StaticString, _ value: FieldValue) {
    put(name)
    put(value)
  }

  mutating func put(_ value: FieldValue) {
    switch value {
    case .null:
      put(UInt8(0))
    case .flag(let flag):
      put(UInt8(1))
      put(flag)
    case .integer(let number):
      put(UInt8(2))
      put(number)
    case .number(let number):
      put(UInt8(3))
      put(number)
    case .text(let text):
      put(UInt8(4))
      put(text)
    case .word(let word):
      put(UInt8(5))
      put(word.kind)
      put(word.raw)
    case .name(let name):
      put(UInt8(6))
      put(name)
    case .position(let position):
      put(UInt8(7))
      put(position)
    }
  }
}

extension ByteReader {
  public mutating func field() throws(ByteFault) -> Field {
    let name = try text()
    switch try byte() {
    case 0: return Field(name, .null)
    case 1: return Field(name, .flag(try flag()))
    case 2: return Field(name, .integer(try integer()))
    case 3: return Field(name, .number(try double()))
    case 4: return Field(name, .text(try text()))
    case 5:
      guard let word = StaticWord(kind: try byte(), raw: try byte()) else { throw .invalid }
      return Field(name, .word(word))
    case 6: return Field(name, .name(try self.name()))
    case 7: return Field(name, .position(try position()))
    default: throw .invalid
    }
  }
}
