import CSQLite
import Core
import Glibc
import Telemetry

/// Writes a session as an SQLite database, for questions of one's own: tables `session`, `tick`, `verdict`, `event`,
/// `field` and `finding` (the checks).
public enum SQLiteExport {
  public static func write(_ directory: String, to path: String) throws {
    let report = SessionReport(try readSession(directory))
    unlink(path)
    let database = try Database(path)
    try database.execute(schema)
    try database.execute("begin")
    let info = report.session.info
    let facts = [
      ("started", info.started), ("mode", info.mode), ("environment", info.environment), ("layout", info.layout),
      ("seed", String(info.seed)), ("version", info.version), ("reason", info.reason),
    ]
    let session = try database.prepare("insert into session values (?, ?)")
    for (name, value) in facts { try session.run([.text(name), .text(value)]) }
    for (name, value) in report.figures { try session.run([.text(name), .number(value)]) }
    let finding = try database.prepare("insert into finding values (?, ?, ?, ?, ?)")
    for (name, result) in report.checks {
      try finding.run([
        .text(name), .text(result.verdict.rawValue), .text(result.sentence), .number(result.value),
        .number(result.threshold),
      ])
    }
    try writeLines(directory, database)
    try database.execute("commit")
  }

  private static let schema = """
    create table session (name text primary key, value);
    create table finding (name text primary key, verdict text, sentence text, value real, threshold real);
    create table tick (tick integer, t real, layer text, rule text, routine text, hold text, score real, x real,
      y real, z real, zone integer, health real, mana real, reading_us real, thinking_us real, acting_us real,
      late_us real, hash text);
    create table verdict (tick integer, rule text, class text, ok integer, reason text, value real, threshold real,
      score real);
    create table event (id integer primary key, tick integer, t real, key text);
    create table field (event integer, name text, value text);
    create index tick_tick on tick (tick);
    create index verdict_rule on verdict (rule, tick);
    create index event_key on event (key);
    """

  private static func writeLines(_ directory: String, _ database: Database) throws {
    let tick = try database.prepare("insert into tick values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    let verdict = try database.prepare("insert into verdict values (?,?,?,?,?,?,?,?)")
    let event = try database.prepare("insert into event values (?,?,?,?)")
    let field = try database.prepare("insert into field values (?,?,?)")
    var events = 0
    try SessionLines(directory: directory).visit { kind, line, _, time in
      let number = line.integer("tick") ?? 0
      switch kind {
      case .event:
        events += 1
        try event.run([.number(Double(events)), .number(Double(number)), .number(time), .text(line.text("event"))])
        for (name, value) in line.all where !["t", "tick", "time", "event"].contains(name) {
          try field.run([.number(Double(events)), .text(name), .text(value)])
        }
      case .tick:
        let (at, us) = (line.triple("at"), line.triple("us"))
        try tick.run([
          .number(Double(number)), .number(time), .text(line.text("layer")), .text(line.text("rule")),
          .text(line.text("routine")), .text(line.text("hold")), .number(line.number("score")), .number(at?.0),
          .number(at?.1), .number(at?.2), .number(line.number("zone")), .number(line.number("hp")),
          .number(line.number("mana")), .number(us?.0), .number(us?.1), .number(us?.2),
          .number(line.number("late_us")), .text(line.text("hash")),
        ])
        guard let verdicts = line.nested("verdicts") else { return }
        var fault: (any Error)?
        JSONLine.elements(verdicts) { line in
          do {
            try verdict.run([
              .number(Double(number)), .text(line.text("rule")), .text(line.text("class")),
              .number(line.flag("ok").map { $0 ? 1 : 0 }), .text(line.text("reason")), .number(line.number("value")),
              .number(line.number("threshold")), .number(line.number("score")),
            ])
          } catch {
            fault = error
          }
        }
        if let fault { throw fault }
      }
    }
  }
}

/// An open database. A class because it owns a handle.
private final class Database {
  enum Value {
    case text(String?)
    case number(Double?)
  }

  /// A prepared statement. A class because it owns a handle.
  final class Statement {
    fileprivate let handle: OpaquePointer?
    private let database: Database

    fileprivate init(_ handle: OpaquePointer?, _ database: Database) {
      self.handle = handle
      self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    func run(_ values: [Value]) throws(SessionsFailure) {
      // SQLITE_TRANSIENT: the library takes a copy.
      let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      for (index, value) in values.enumerated() {
        let place = Int32(index + 1)
        switch value {
        case .text(let text?): sqlite3_bind_text(handle, place, text, -1, transient)
        case .number(let number?): sqlite3_bind_double(handle, place, number)
        case .text(nil), .number(nil): sqlite3_bind_null(handle, place)
        }
      }
      let code = sqlite3_step(handle)
      sqlite3_reset(handle)
      guard code == SQLITE_DONE else { throw database.failure }
    }
  }

  private var handle: OpaquePointer?
  private let path: String

  init(_ path: String) throws(SessionsFailure) {
    self.path = path
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw failure }
    try execute("pragma journal_mode = off; pragma synchronous = off")
  }

  deinit { sqlite3_close(handle) }

  fileprivate var failure: SessionsFailure {
    .cannotCreate("\(path): \(handle.map { String(cString: sqlite3_errmsg($0)) } ?? "cannot be opened")")
  }

  func execute(_ text: String) throws(SessionsFailure) {
    guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  func prepare(_ text: String) throws(SessionsFailure) -> Statement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK else { throw failure }
    return Statement(statement, self)
  }
}
