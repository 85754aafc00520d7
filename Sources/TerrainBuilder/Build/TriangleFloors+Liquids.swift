import Nav

// Water, lava and the like: floors on them, and what floors that lie in them are.

extension TriangleFloors {
  /// Part of a swimmer's height that is under water.
  static let sink = 2.0 / 3

  /// The volumes, if any of them may be over an area.
  func reachingVolumes(_ area: TerrainRectangle) -> (any Volumes)? {
    guard let volumes,
      volumes.mayReach(
        low: SIMD3(Float(grid.centreX(area.x)), Float(grid.centreY(area.y)), lowest - 1),
        high: SIMD3(
          Float(grid.centreX(area.x + area.width - 1)), Float(grid.centreY(area.y + area.height - 1)), highest + 1))
    else { return nil }
    return volumes
  }

  /// Adds floors at the surfaces of deep liquids to a column whose floors begin at `start`; their owner is -1.
  func addSurfaces(
    _ intervals: [MediumInterval], _ surfaces: [ColumnSamples.Surface], _ everyone: ChunkFloors.Mask,
    from start: Int, to floors: inout ChunkFloors, owner: inout [Int32]
  ) {
    for interval in intervals where interval.medium == .water || interval.medium == .lava {
      let top = interval.high
      guard abs(top) < 1e8,
        let bottom = (start..<floors.z.count).last(where: { floors.z[$0] <= top && !floors.isBuried[$0] }),
        floors.z[bottom] > interval.low - Self.mergeHeight, Double(top - floors.z[bottom]) > rules[0].climb
      else { continue }
      // What is flooded up to its ceiling has no surface.
      let bed = floors.z[bottom] + Self.mergeHeight
      guard !surfaces.contains(where: { $0.z > bed && $0.z < top }) else { continue }
      let isWater = interval.medium == .water
      floors.z.insert(top, at: bottom + 1)
      floors.surface.insert((isWater ? TerrainSurface.water : .lava).rawValue, at: bottom + 1)
      floors.walk.insert(isWater ? everyone : 0, at: bottom + 1)
      floors.isBuried.insert(false, at: bottom + 1)
      owner.insert(-1, at: bottom + 1)
    }
  }

  /// Marks floors that lie in water, lava and zone lines.
  func fill(_ floors: inout ChunkFloors) {
    let area = floors.area
    guard let volumes = reachingVolumes(area) else { return }
    var intervals: [MediumInterval] = []
    for column in 0..<area.width * area.height {
      let range = Int(floors.first[column])..<Int(floors.first[column + 1])
      guard !range.isEmpty else { continue }
      intervals.removeAll(keepingCapacity: true)
      let x = grid.centreX(area.x + column % area.width)
      let y = grid.centreY(area.y + column / area.width)
      volumes.intervals(x: Float(x), y: Float(y), into: &intervals)
      for floor in range {
        // A hand's breadth above the floor, so that the plane of the floor itself does not decide.
        let z = floors.z[floor] + 0.05
        guard let interval = intervals.first(where: { z > $0.low && z < $0.high }) else { continue }
        let medium = interval.medium
        guard floors.surface[floor] != TerrainSurface.cliff.rawValue || medium == .lava else { continue }
        switch medium {
        case .water:
          guard swims, Double(interval.high - floors.z[floor]) > rules[0].climb else {
            floors.surface[floor] = TerrainSurface.water.rawValue
            break
          }
          floors.surface[floor] = TerrainSurface.underwater.rawValue
          // Where there is a surface one swims on it, and does not walk below.
          if floor + 1 < range.upperBound, floors.z[floor + 1] == interval.high { floors.walk[floor] = 0 }
        case .lava: floors.surface[floor] = TerrainSurface.lava.rawValue
        case .slime: floors.surface[floor] = TerrainSurface.slime.rawValue
        case .zoneLine: floors.surface[floor] = TerrainSurface.zoneLine.rawValue
        case .slippery: floors.surface[floor] = TerrainSurface.slippery.rawValue
        }
        if medium == .lava || medium == .slime { floors.walk[floor] = 0 }
      }
    }
  }
}
