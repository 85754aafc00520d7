import CSQLite
import Core

// The whole experience as bytes: what a session's record keeps of its start, and what lies in a store's file. They are
// an SQLite database without a journal, so that any build, and any tool, can read them.

extension LearningStore {
  /// Largest image that is read. Unit: bytes.
  public static let imageSizeMax = 256 << 20

  /// All of `state`, its clock too.
  public static func image(of state: LearnedState) throws(LearningStoreError) -> [UInt8] {
    let store = try LearningStore(path: ":memory:")
    try store.save(state)
    try store.execute("CREATE TABLE clock (epoch REAL)")
    try store.insert("INSERT INTO clock VALUES (?)", [.real(state.epoch)])
    var size: sqlite3_int64 = 0
    guard let bytes = sqlite3_serialize(store.database, "main", &size, 0) else {
      throw .statement("serialize", cause: cause(store.database))
    }
    defer { sqlite3_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
  }

  /// The state that `image` holds, checked; what is out of range in it is left at its prior.
  /// - Throws: `.statement` when the bytes are no sound database, `.version` when a newer version wrote them.
  public static func state(image: [UInt8]) throws(LearningStoreError) -> LearnedState {
    let store = try LearningStore(path: ":memory:")
    try store.adopt(image)
    // More rows than the planner has actions do no harm: the brain takes as many as it has.
    var state = try store.load(costRows: 64)
    if try !store.integers("SELECT count(*) FROM sqlite_master WHERE name='clock'").elementsEqual([0]) {
      var epoch = 0.0
      try store.select("SELECT epoch FROM clock") { epoch = $0.real(0) }
      if epoch.isFinite, (0...1e12).contains(epoch) { state.epoch = epoch }
    }
    return state
  }

  private func adopt(_ image: [UInt8]) throws(LearningStoreError) {
    guard (512...Self.imageSizeMax).contains(image.count), let copy = sqlite3_malloc64(UInt64(image.count)) else {
      throw .statement("deserialize", cause: "\(image.count) bytes are no store")
    }
    image.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress { copy.copyMemory(from: source, byteCount: bytes.count) }
    }
    let bytes = copy.assumingMemoryBound(to: UInt8.self)
    // A database that was last used with a write-ahead log says so in these bytes; in memory there is none.
    if bytes[18] == 2 { bytes[18] = 1 }
    if bytes[19] == 2 { bytes[19] = 1 }
    let flags = UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE)
    let count = sqlite3_int64(image.count)
    guard sqlite3_deserialize(database, "main", bytes, count, count, flags) == SQLITE_OK else {
      throw .statement("deserialize", cause: Self.cause(database))
    }
    let found = try integers("PRAGMA user_version").first ?? 0
    guard found <= Self.version else { throw .version(found) }
    var verdict = ""
    try select("PRAGMA quick_check(1)") { verdict = $0.text(0) }
    guard verdict == "ok" else { throw .statement("quick_check", cause: verdict) }
    guard found > 0 else { throw .statement("user_version", cause: "this database is no store of experience") }
    try extend(from: found)
  }
}
