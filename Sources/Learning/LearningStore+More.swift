import Core

// What the second version of the store keeps: loot, spawn points, and the learners that are rows of numbers.
extension LearningStore {
  func saveMore(_ state: LearnedState) throws(LearningStoreError) {
    for entry in state.loot.entries {
      try insert(
        "INSERT INTO loot VALUES (?,?,?,?)",
        [.text(entry.species.description), .whole(entry.count), .real(entry.mean), .whole(entry.stamp)])
    }
    for point in state.spawns.points {
      try insert(
        "INSERT INTO spawn VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [
          .whole(Int(point.zone.raw)), .real(point.place.x), .real(point.place.y), .real(point.place.z),
          .real(point.emptySince ?? -1), .whole(point.isExact ? 1 : 0), .whole(point.stamp),
        ] + point.belief.numbers.map { .real($0) })
    }
    try save(state.weights.numbers, as: "weights")
    try save(state.differences.numbers, as: "differences")
    try save(state.tuner.numbers, as: "tuner")
  }

  func loadMore(into state: inout LearnedState) throws(LearningStoreError) {
    try select("SELECT * FROM loot ORDER BY stamp") { row in
      state.loot.restore(
        LootHistory.Entry(
          species: FixedName(row.text(0)), count: row.whole(1), mean: row.real(2), stamp: max(0, row.whole(3))))
    }
    try select("SELECT * FROM spawn ORDER BY stamp, x, y") { row in
      let since = row.real(4)
      state.spawns.restore(
        SpawnPredictor.Point(
          zone: ZoneID(UInt16(clamping: row.whole(0))), place: Position(row.real(1), row.real(2), row.real(3)),
          belief: IntervalBelief(numbers: (7..<16).map { row.real(Int32($0)) }),
          emptySince: since.isFinite && since >= 0 ? since : nil, isExact: row.whole(5) == 1,
          stamp: max(0, row.whole(6))))
    }
    state.weights.restore(numbers: try numbers("weights"))
    state.differences.restore(numbers: try numbers("differences"))
    state.tuner.restore(numbers: try numbers("tuner"))
  }

  private func save(_ numbers: [Double], as name: String) throws(LearningStoreError) {
    for (row, value) in numbers.enumerated() {
      try insert("INSERT INTO number VALUES (?,?,?)", [.text(name), .whole(row), .real(value)])
    }
  }

  private func numbers(_ name: String) throws(LearningStoreError) -> [Double] {
    var numbers: [Double] = []
    try select("SELECT value FROM number WHERE name='\(name)' ORDER BY row") { numbers.append($0.real(0)) }
    return numbers
  }
}
