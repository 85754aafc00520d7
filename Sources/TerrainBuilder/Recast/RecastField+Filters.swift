extension RecastField {
  /// The three filters in Recast's usual order.
  mutating func filter() {
    liftLowObstacles()
    closeLedges()
    closeLowCeilings()
  }

  private func top(_ index: Int) -> Int { Int(spans[index].high) }

  private func ceiling(_ index: Int) -> Int {
    let next = spans[index].next
    return next >= 0 ? Int(spans[Int(next)].low) : Self.open
  }

  /// What lies on something walkable, within a step, is walkable: kerbs and stairs.
  private mutating func liftLowObstacles() {
    for column in head.indices {
      var before: Int?
      var wasWalkable = false
      var index = head[column]
      while index >= 0 {
        let place = Int(index)
        let isWalkable = spans[place].isWalkable
        if !isWalkable, wasWalkable, let before, top(place) - top(before) <= settings.climb {
          spans[place].isWalkable = true
        }
        wasWalkable = isWalkable
        before = place
        index = spans[place].next
      }
    }
  }

  /// Takes the edges of drops, and slopes whose neighbours lie too far apart.
  private mutating func closeLedges() {
    let climb = settings.climb
    for z in 0..<depth {
      for x in 0..<width {
        var index = first(x, z)
        while index >= 0 {
          let place = Int(index)
          index = spans[place].next
          guard spans[place].isWalkable else { continue }
          let floor = top(place)
          let ceiling = ceiling(place)
          var deepest = Self.open
          var lowest = floor
          var highest = floor
          look: for (dx, dz) in [(-1, 0), (0, 1), (1, 0), (0, -1)] {
            let (otherX, otherZ) = (x + dx, z + dz)
            guard otherX >= 0, otherZ >= 0, otherX < width, otherZ < depth else {
              deepest = -climb - 1
              break
            }
            var other = first(otherX, otherZ)
            let gap = other >= 0 ? Int(spans[Int(other)].low) : Self.open
            if min(ceiling, gap) - floor >= settings.height {
              deepest = -climb - 1
              break
            }
            while other >= 0 {
              let otherFloor = top(Int(other))
              let room = min(ceiling, self.ceiling(Int(other))) - max(floor, otherFloor)
              other = spans[Int(other)].next
              guard room >= settings.height else { continue }
              let difference = otherFloor - floor
              deepest = min(deepest, difference)
              if abs(difference) <= climb {
                lowest = min(lowest, otherFloor)
                highest = max(highest, otherFloor)
              } else if difference < -climb {
                break look
              }
            }
          }
          if deepest < -climb || highest - lowest > climb { spans[place].isWalkable = false }
        }
      }
    }
  }

  private mutating func closeLowCeilings() {
    for place in spans.indices where ceiling(place) - top(place) < settings.height { spans[place].isWalkable = false }
  }

  /// Which spans stay walkable when the body's radius is taken off all edges.
  func eroded() -> [Bool] {
    // Neighbours by direction (west, towards the viewer, east, away) of each walkable span; -1 for none.
    let ways = [(-1, 0), (0, 1), (1, 0), (0, -1)]
    var neighbours = [SIMD4<Int32>](repeating: SIMD4(repeating: -1), count: spans.count)
    for z in 0..<depth {
      for x in 0..<width {
        eachSpan(x, z) { place in
          guard spans[place].isWalkable else { return }
          for (direction, (dx, dz)) in ways.enumerated() {
            let (otherX, otherZ) = (x + dx, z + dz)
            guard otherX >= 0, otherZ >= 0, otherX < width, otherZ < depth else { continue }
            var other = first(otherX, otherZ)
            while other >= 0 {
              let candidate = Int(other)
              other = spans[candidate].next
              guard spans[candidate].isWalkable else { continue }
              // Clearance counts to 255 voxels at most.
              let bottom = max(top(place), top(candidate))
              let roof = min(
                min(ceiling(place), top(place) + 255), min(ceiling(candidate), top(candidate) + 255))
              guard roof - bottom >= settings.height, abs(top(place) - top(candidate)) <= settings.climb else {
                continue
              }
              neighbours[place][direction] = Int32(candidate)
              break
            }
          }
        }
      }
    }
    var distance = [Int](repeating: 0, count: spans.count)
    for place in spans.indices where spans[place].isWalkable {
      let near = neighbours[place]
      distance[place] = (0..<4).allSatisfy { near[$0] >= 0 } ? 255 : 0
    }
    func spread(_ place: Int, _ straight: Int, _ slanted: Int) {
      let near = neighbours[place][straight]
      guard near >= 0 else { return }
      distance[place] = min(distance[place], distance[Int(near)] + 2)
      let corner = neighbours[Int(near)][slanted]
      if corner >= 0 { distance[place] = min(distance[place], distance[Int(corner)] + 3) }
    }
    for z in 0..<depth {
      for x in 0..<width {
        eachSpan(x, z) { place in
          guard spans[place].isWalkable else { return }
          spread(place, 0, 3)
          spread(place, 3, 2)
        }
      }
    }
    for z in stride(from: depth - 1, through: 0, by: -1) {
      for x in stride(from: width - 1, through: 0, by: -1) {
        eachSpan(x, z) { place in
          guard spans[place].isWalkable else { return }
          spread(place, 2, 1)
          spread(place, 1, 0)
        }
      }
    }
    return spans.indices.map { spans[$0].isWalkable && distance[$0] >= 2 * settings.radius }
  }
}
