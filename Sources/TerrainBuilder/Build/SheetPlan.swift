import Nav

/// Which pieces hang together, and on which sheet each one goes.
struct SheetPlan {
  /// Pairs of pieces between which one can walk.
  struct Passage {
    var a: Int
    var b: Int
  }

  let pieces: [TilePiece]
  let climb: Int32
  let profileCount: Int
  private(set) var passages: [Passage] = []
  /// Pieces of tile t: `byTile[t]`.
  let byTile: [[Int32]]
  let tilesX: Int
  /// By piece; -1 never.
  private(set) var sheet: [Int]
  private(set) var sheetCount = 0
  /// By piece: the number of the part of the zone it hangs together with.
  private(set) var part: [Int]

  init(pieces: [TilePiece], tilesX: Int, tilesY: Int, climb: Int32, profileCount: Int) {
    self.pieces = pieces
    self.climb = climb
    self.profileCount = profileCount
    self.tilesX = tilesX
    var byTile = [[Int32]](repeating: [], count: tilesX * tilesY)
    for (index, piece) in pieces.enumerated() { byTile[piece.tileY * tilesX + piece.tileX].append(Int32(index)) }
    self.byTile = byTile
    sheet = Array(repeating: -1, count: pieces.count)
    part = Array(0..<pieces.count)
    findPassages()
    joinParts()
  }

  // MARK: What hangs together

  private mutating func findPassages() {
    let tilesY = byTile.count / max(tilesX, 1)
    for tileY in 0..<tilesY {
      for tileX in 0..<tilesX {
        let here = byTile[tileY * tilesX + tileX]
        for (place, index) in here.enumerated() {
          let a = Int(index)
          guard pieces[a].walkCount > 0 else { continue }
          for other in here[(place + 1)...] { addPassage(a, Int(other)) }
          if tileX + 1 < tilesX {
            for other in byTile[tileY * tilesX + tileX + 1] { addPassage(a, Int(other)) }
          }
          if tileY + 1 < tilesY {
            for other in byTile[(tileY + 1) * tilesX + tileX] { addPassage(a, Int(other)) }
          }
        }
      }
    }
  }

  private mutating func addPassage(_ a: Int, _ b: Int) {
    guard pieces[b].walkCount > 0 else { return }
    var isOpen = false
    eachContact(a, b) { _, _, _, _ in isOpen = true }
    if isOpen { passages.append(Passage(a: a, b: b)) }
  }

  /// Calls `body` for neighbour cells of two pieces between which one can walk: cell of a, cell of b, both in the zone.
  func eachContact(_ a: Int, _ b: Int, _ body: ((x: Int, y: Int), (x: Int, y: Int), Int32, Int32) -> Void) {
    let (one, two) = (pieces[a], pieces[b])
    let side = TilePiece.side
    func look(_ ax: Int, _ ay: Int, _ bx: Int, _ by: Int) {
      guard one.profiles(ax, ay, count: profileCount) & two.profiles(bx, by, count: profileCount) != 0,
        let z = one.height(ax, ay), let other = two.height(bx, by), abs(z - other) <= climb
      else { return }
      body(
        (one.tileX * side + ax, one.tileY * side + ay), (two.tileX * side + bx, two.tileY * side + by), z, other)
    }
    if one.tileX == two.tileX, one.tileY == two.tileY {
      for y in 0..<side {
        for x in 0..<side where one.columns[y] >> UInt32(x) & 1 == 1 {
          if x > 0 { look(x, y, x - 1, y) }
          if x + 1 < side { look(x, y, x + 1, y) }
          if y > 0 { look(x, y, x, y - 1) }
          if y + 1 < side { look(x, y, x, y + 1) }
        }
      }
    } else if two.tileX == one.tileX + 1, two.tileY == one.tileY {
      for y in 0..<side { look(side - 1, y, 0, y) }
    } else if two.tileY == one.tileY + 1, two.tileX == one.tileX {
      for x in 0..<side { look(x, side - 1, x, 0) }
    }
  }

  private mutating func joinParts() {
    for passage in passages {
      let (a, b) = (root(passage.a), root(passage.b))
      if a != b { part[max(a, b)] = min(a, b) }
    }
    for index in part.indices { part[index] = root(index) }
  }

  private mutating func root(_ index: Int) -> Int {
    var at = index
    while part[at] != at {
      part[at] = part[part[at]]
      at = part[at]
    }
    return at
  }

  // MARK: Sheets

  /// Gives every piece a sheet: parts from the largest down, each on the lowest sheet where nothing of it lies above
  /// or below what is there; a part that lies above itself begins a sheet of its own and is split where it must.
  mutating func assign() {
    var neighbours = [[Int32]](repeating: [], count: pieces.count)
    for passage in passages {
      neighbours[passage.a].append(Int32(passage.b))
      neighbours[passage.b].append(Int32(passage.a))
    }
    var members: [Int: [Int]] = [:]
    var size: [Int: Int] = [:]
    for index in pieces.indices {
      members[part[index], default: []].append(index)
      size[part[index], default: 0] += pieces[index].walkCount
    }
    let order = members.keys.sorted { (-(size[$0] ?? 0), $0) < (-(size[$1] ?? 0), $1) }
    for number in order {
      let own = members[number] ?? []
      // Where a part must be split, two ways are tried: back to the first sheet as soon as there is room, or on with
      // the sheet one came to; the one that cuts fewer passages is taken.
      var best = spread(own, neighbours, staysHome: true)
      if best.cuts > 0 {
        let other = spread(own, neighbours, staysHome: false)
        if other.cuts < best.cuts { best = other }
      }
      for (piece, chosen) in best.sheets {
        sheet[piece] = chosen
        sheetCount = max(sheetCount, chosen + 1)
      }
    }
  }

  /// Sheets for the pieces of a part, and how many passages they cut.
  private mutating func spread(
    _ own: [Int], _ neighbours: [[Int32]], staysHome: Bool
  ) -> (sheets: [(piece: Int, sheet: Int)], cuts: Int) {
    let home = (0..<sheetCount).first { sheet in own.allSatisfy { isFree($0, on: sheet) } } ?? sheetCount
    var used = [home]
    var fresh = max(sheetCount, home + 1)
    var queue: [(piece: Int, wanted: Int)] = [(own[0], home)]
    var next = 0
    while next < queue.count {
      let (piece, wanted) = queue[next]
      next += 1
      guard sheet[piece] < 0 else { continue }
      var chosen = wanted
      if staysHome || !isFree(piece, on: wanted) {
        if let other = used.first(where: { isFree(piece, on: $0) }) {
          chosen = other
        } else {
          chosen = fresh
          fresh += 1
          used.append(chosen)
        }
      }
      sheet[piece] = chosen
      for other in neighbours[piece] where sheet[Int(other)] < 0 { queue.append((Int(other), chosen)) }
    }
    var cuts = 0
    for piece in own {
      for other in neighbours[piece] where sheet[Int(other)] != sheet[piece] { cuts += 1 }
    }
    let sheets = own.map { ($0, sheet[$0]) }
    for piece in own { sheet[piece] = -1 }
    return (sheets, cuts)
  }

  /// True when nothing on the sheet shares a column with the piece.
  private func isFree(_ piece: Int, on sheet: Int) -> Bool {
    let mine = pieces[piece]
    for other in byTile[mine.tileY * tilesX + mine.tileX] where self.sheet[Int(other)] == sheet {
      let columns = pieces[Int(other)].columns
      for row in 0..<TilePiece.side where columns[row] & mine.columns[row] != 0 { return false }
    }
    return true
  }
}
