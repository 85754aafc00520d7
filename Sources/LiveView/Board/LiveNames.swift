import Core

/// What the numbers in a frame mean to a reader; set once by whoever knows them.
public struct LiveNames: Sendable {
  /// An action that plans are made of.
  public struct Action: Sendable {
    public var name: String
    public var needs: String
    public var gives: String

    public init(name: String, needs: String, gives: String) {
      self.name = name
      self.needs = needs
      self.gives = gives
    }
  }

  public var version = ""
  public var environment = ""
  public var process: Int32 = 0
  public var zones: [ZoneID: String] = [:]
  public var spells: [SpellID: String] = [:]
  /// In the order of the planner's ids.
  public var goals: [String] = []
  public var actions: [Action] = []

  public init() {}

  func zone(_ id: ZoneID?) -> String? { id.map { zones[$0] ?? "zone \($0.raw)" } }
  func spell(_ id: SpellID) -> String { spells[id] ?? "spell \(id.raw)" }
  func goal(_ raw: UInt8) -> String { Int(raw) < goals.count ? goals[Int(raw)] : "goal \(raw)" }
  func action(_ raw: UInt8) -> Action {
    Int(raw) < actions.count ? actions[Int(raw)] : Action(name: "action \(raw)", needs: "", gives: "")
  }
}
