import Core

/// How species behave, as the world model learned it: who attacks of its own, who helps whom, and from how far. Part of
/// the experience, so that a new session need not be attacked once more to know.
public struct Manners: Hashable, Sendable {
  public struct Temper: Hashable, Sendable {
    public var species: FixedName
    /// Ticks that one of them was near and did nothing; -1 once one has attacked of its own.
    public var peace: Int
    /// The furthest below our level that one came upon us; nil where none did.
    public var lowest: Int?

    public init(species: FixedName, peace: Int, lowest: Int?) {
      self.species = species
      self.peace = peace
      self.lowest = lowest
    }
  }

  /// Unit of the distances: world units.
  public struct Help: Hashable, Sendable {
    public var species: FixedName
    /// The furthest who came.
    public var helped: Double
    /// The two nearest who did not come.
    public var nearest: Double
    public var second: Double

    public init(species: FixedName, helped: Double, nearest: Double, second: Double) {
      self.species = species
      self.helped = helped
      self.nearest = nearest
      self.second = second
    }

    /// All distances are some.
    var isSound: Bool { [helped, nearest, second].allSatisfy { $0.isFinite && (0...10_000).contains($0) } }
  }

  /// Two species that hold together.
  public struct Bond: Hashable, Sendable {
    public var one: FixedName
    public var other: FixedName
    public var isSure: Bool

    public init(one: FixedName, other: FixedName, isSure: Bool) {
      self.one = one
      self.other = other
      self.isSure = isSure
    }
  }

  /// Each oldest first.
  public var tempers: [Temper]
  public var helps: [Help]
  public var bonds: [Bond]

  public init(tempers: [Temper] = [], helps: [Help] = [], bonds: [Bond] = []) {
    self.tempers = tempers
    self.helps = helps
    self.bonds = bonds
  }

  public func combine(into hash: inout StableHash) {
    for temper in tempers {
      hash.combine(temper.species)
      hash.combine(temper.peace)
      hash.combine(temper.lowest ?? .max)
    }
    for help in helps {
      hash.combine(help.species)
      hash.combine(help.helped)
      hash.combine(help.nearest)
      hash.combine(help.second)
    }
    for bond in bonds {
      hash.combine(bond.one)
      hash.combine(bond.other)
      hash.combine(bond.isSure)
    }
  }
}

// The tables of the store that version 3 brought.
extension LearningStore {
  func extendByManners() throws(LearningStoreError) {
    try execute("BEGIN IMMEDIATE")
    try execute("CREATE TABLE IF NOT EXISTS temper (species TEXT, peace INTEGER, lowest INTEGER)")
    try execute("CREATE TABLE IF NOT EXISTS help (species TEXT, helped REAL, nearest REAL, second REAL)")
    try execute("CREATE TABLE IF NOT EXISTS bond (one TEXT, other TEXT, sure INTEGER)")
    try execute("PRAGMA user_version=3")
    try execute("COMMIT")
  }

  /// Replaces the rows, oldest first.
  func save(_ manners: Manners) throws(LearningStoreError) {
    for table in ["temper", "help", "bond"] { try execute("DELETE FROM \(table)") }
    for temper in manners.tempers {
      try insert(
        "INSERT INTO temper VALUES (?,?,?)",
        [.text(temper.species.description), .whole(temper.peace), .whole(temper.lowest ?? Self.noLevel)])
    }
    for help in manners.helps {
      try insert(
        "INSERT INTO help VALUES (?,?,?,?)",
        [.text(help.species.description), .real(help.helped), .real(help.nearest), .real(help.second)])
    }
    for bond in manners.bonds {
      try insert(
        "INSERT INTO bond VALUES (?,?,?)",
        [.text(bond.one.description), .text(bond.other.description), .whole(bond.isSure ? 1 : 0)])
    }
  }

  /// What is out of range is left out.
  func loadManners() throws(LearningStoreError) -> Manners {
    var manners = Manners()
    try select("SELECT species, peace, lowest FROM temper ORDER BY rowid") { row in
      let lowest = row.whole(2)
      manners.tempers.append(
        Manners.Temper(
          species: FixedName(row.text(0)), peace: min(10_000, max(-1, row.whole(1))),
          lowest: (1 - Self.noLevel..<Self.noLevel).contains(lowest) ? lowest : nil))
    }
    try select("SELECT species, helped, nearest, second FROM help ORDER BY rowid") { row in
      let help = Manners.Help(
        species: FixedName(row.text(0)), helped: row.real(1), nearest: row.real(2), second: row.real(3))
      if help.isSound { manners.helps.append(help) }
    }
    try select("SELECT one, other, sure FROM bond ORDER BY rowid") { row in
      manners.bonds.append(
        Manners.Bond(one: FixedName(row.text(0)), other: FixedName(row.text(1)), isSure: row.whole(2) == 1))
    }
    return manners
  }

  /// Stands for no level difference. A real one is smaller.
  private static let noLevel = 1000
}
