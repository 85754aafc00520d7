import CSQLite
import Core

/// What can go wrong with the stored experience.
public enum LearningStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotOpen(path: String, cause: String)
  case statement(String, cause: String)
  /// Written by a newer version.
  case version(Int)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let cause): "\(path): cannot be opened: \(cause)"
    case .statement(let text, let cause): "\(text): \(cause)"
    case .version(let number): "the store has version \(number), which this program does not know"
    }
  }
}

/// Keeps what was learned in an SQLite file, one per environment. A class for the system handle; used by one thread.
public final class LearningStore {
  var database: OpaquePointer?

  public static let version = 3

  /// Opens the store, and makes it where there is none.
  public init(path: String) throws(LearningStoreError) {
    let status = sqlite3_open_v2(
      path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK else {
      let cause = Self.cause(database)
      sqlite3_close(database)
      database = nil
      throw .cannotOpen(path: path, cause: cause)
    }
    try execute("PRAGMA journal_mode=WAL")
    try execute("PRAGMA synchronous=NORMAL")
    let found = try integers("PRAGMA user_version").first ?? 0
    guard found <= Self.version else { throw .version(found) }
    if found == 0 { try create() }
    try extend(from: found)
  }

  /// Brings a store of version `found` up to the present one.
  func extend(from found: Int) throws(LearningStoreError) {
    if found < 2 { try extend() }
    if found < 3 { try extendByManners() }
  }

  deinit { sqlite3_close(database) }

  private func create() throws(LearningStoreError) {
    try execute("BEGIN IMMEDIATE")
    try execute(
      """
      CREATE TABLE encounter (species TEXT, difference INTEGER, strategy INTEGER, count INTEGER, stamp INTEGER,
        danger_yes REAL, danger_no REAL, defeat_yes REAL, defeat_no REAL, pet_yes REAL, pet_no REAL,
        seconds_weight REAL, seconds_sum REAL, seconds_squares REAL, mana_weight REAL, mana_sum REAL,
        mana_squares REAL, PRIMARY KEY (species, difference, strategy))
      """)
    try execute(
      "CREATE TABLE heat (zone INTEGER, col INTEGER, row INTEGER, value REAL, stamp REAL, PRIMARY KEY (zone, col, row))"
    )
    try execute("CREATE TABLE cost (action INTEGER PRIMARY KEY, count INTEGER, mean REAL, squares REAL)")
    try execute("PRAGMA user_version=1")
    try execute("COMMIT")
  }

  /// What version 2 keeps beyond version 1.
  private func extend() throws(LearningStoreError) {
    try execute("BEGIN IMMEDIATE")
    try execute("ALTER TABLE encounter ADD COLUMN death_yes REAL DEFAULT 0.2")
    try execute("ALTER TABLE encounter ADD COLUMN death_no REAL DEFAULT 9.8")
    try execute("CREATE TABLE loot (species TEXT PRIMARY KEY, count INTEGER, mean REAL, stamp INTEGER)")
    try execute("CREATE TABLE number (name TEXT, row INTEGER, value REAL, PRIMARY KEY (name, row))")
    try execute(
      """
      CREATE TABLE spawn (zone INTEGER, x REAL, y REAL, z REAL, empty_since REAL, exact INTEGER, stamp INTEGER,
        count REAL, sum REAL, log_sum REAL, log_squares REAL, least REAL, most REAL, e0 REAL, e1 REAL, e2 REAL)
      """)
    try execute("PRAGMA user_version=2")
    try execute("COMMIT")
  }

  /// Writes the whole state in one transaction; either all of it is stored or nothing changes.
  public func save(_ state: LearnedState) throws(LearningStoreError) {
    try execute("BEGIN IMMEDIATE")
    do throws(LearningStoreError) {
      try execute("DELETE FROM encounter")
      try execute("DELETE FROM heat")
      try execute("DELETE FROM cost")
      try execute("DELETE FROM loot")
      try execute("DELETE FROM number")
      try execute("DELETE FROM spawn")
      for entry in state.encounters.entries { try insert(entry) }
      for cell in state.heat.cells {
        try insert(
          "INSERT INTO heat VALUES (?,?,?,?,?)",
          [
            .whole(Int(cell.zone.raw)), .whole(Int(cell.column)), .whole(Int(cell.row)), .real(cell.value),
            .real(cell.stamp),
          ])
      }
      for (row, entry) in state.costs.entries.enumerated() where entry.count > 0 {
        try insert(
          "INSERT INTO cost VALUES (?,?,?,?)",
          [.whole(row), .whole(entry.count), .real(entry.mean), .real(entry.squares)])
      }
      try saveMore(state)
      try save(state.manners)
      try execute("COMMIT")
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }

  private func insert(_ entry: EncounterHistory.Entry) throws(LearningStoreError) {
    let belief = entry.belief
    try insert(
      "INSERT INTO encounter VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      [
        .text(entry.key.species.description), .whole(Int(entry.key.difference)), .whole(Int(entry.key.strategy)),
        .whole(belief.count), .whole(entry.stamp), .real(belief.danger.yes), .real(belief.danger.no),
        .real(belief.defeat.yes), .real(belief.defeat.no), .real(belief.petDeath.yes), .real(belief.petDeath.no),
        .real(belief.seconds.weight), .real(belief.seconds.sum), .real(belief.seconds.squares),
        .real(belief.mana.weight), .real(belief.mana.sum), .real(belief.mana.squares),
        .real(belief.death.yes), .real(belief.death.no),
      ])
  }

  /// Reads the state back. Values that are out of range are left at their priors.
  /// - Parameter costRows: rows of the cost model, as many as the planner has actions.
  public func load(costRows: Int) throws(LearningStoreError) -> LearnedState {
    var state = LearnedState()
    state.costs = CostModel(rows: costRows)
    try select("SELECT * FROM encounter ORDER BY stamp") { row in
      var belief = EncounterBelief()
      belief.count = max(0, row.whole(3))
      belief.danger.restore(yes: row.real(5), no: row.real(6))
      belief.defeat.restore(yes: row.real(7), no: row.real(8))
      belief.petDeath.restore(yes: row.real(9), no: row.real(10))
      belief.seconds.restore(weight: row.real(11), sum: row.real(12), squares: row.real(13))
      belief.mana.restore(weight: row.real(14), sum: row.real(15), squares: row.real(16))
      belief.death.restore(yes: row.real(17), no: row.real(18))
      let key = EncounterKey(
        species: FixedName(row.text(0)), difference: row.whole(1), strategy: UInt8(clamping: row.whole(2)))
      state.encounters.restore(EncounterHistory.Entry(key: key, belief: belief, stamp: row.whole(4)))
    }
    try select("SELECT * FROM heat ORDER BY zone, col, row") { row in
      state.heat.restore(
        SpatialHeat.Cell(
          zone: ZoneID(UInt16(clamping: row.whole(0))), column: Int16(clamping: row.whole(1)),
          row: Int16(clamping: row.whole(2)), value: row.real(3), stamp: row.real(4)))
    }
    try select("SELECT * FROM cost ORDER BY action") { row in
      state.costs.restore(row.whole(0), count: row.whole(1), mean: row.real(2), squares: row.real(3))
    }
    try loadMore(into: &state)
    state.manners = try loadManners()
    return state
  }
}

// The few words of SQLite's language that the store needs.
extension LearningStore {
  enum Value {
    case whole(Int)
    case real(Double)
    case text(String)
  }

  struct Row {
    fileprivate let statement: OpaquePointer?

    func whole(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
    func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }
    func text(_ column: Int32) -> String { sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "" }
  }

  static func cause(_ database: OpaquePointer?) -> String {
    sqlite3_errmsg(database).map { String(cString: $0) } ?? "out of memory"
  }

  private func prepare(_ text: String) throws(LearningStoreError) -> OpaquePointer? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, text, -1, &statement, nil) == SQLITE_OK else {
      throw .statement(text, cause: Self.cause(database))
    }
    return statement
  }

  func execute(_ text: String) throws(LearningStoreError) {
    let statement = try prepare(text)
    defer { sqlite3_finalize(statement) }
    let status = sqlite3_step(statement)
    guard status == SQLITE_DONE || status == SQLITE_ROW else { throw .statement(text, cause: Self.cause(database)) }
  }

  func insert(_ text: String, _ values: [Value]) throws(LearningStoreError) {
    let statement = try prepare(text)
    defer { sqlite3_finalize(statement) }
    for (index, value) in values.enumerated() {
      let column = Int32(index + 1)
      switch value {
      case .whole(let number): sqlite3_bind_int64(statement, column, Int64(number))
      case .real(let number): sqlite3_bind_double(statement, column, number)
      case .text(let string):
        // -1: SQLite copies the bytes before the call returns.
        sqlite3_bind_text(statement, column, string, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      }
    }
    guard sqlite3_step(statement) == SQLITE_DONE else { throw .statement(text, cause: Self.cause(database)) }
  }

  func select(_ text: String, _ body: (Row) -> Void) throws(LearningStoreError) {
    let statement = try prepare(text)
    defer { sqlite3_finalize(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: body(Row(statement: statement))
      case SQLITE_DONE: return
      default: throw .statement(text, cause: Self.cause(database))
      }
    }
  }

  func integers(_ text: String) throws(LearningStoreError) -> [Int] {
    var numbers: [Int] = []
    try select(text) { numbers.append($0.whole(0)) }
    return numbers
  }
}
