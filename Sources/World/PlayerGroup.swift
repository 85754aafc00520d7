import Core

extension WorldData {
  /// One start for each of `count` players: the first at the place that was asked for, the others around it.
  public func group(of count: Int, _ setup: PlayerSetup) -> [PlayerSetup] {
    guard count > 1 else { return [setup] }
    return (0..<count).map { index in
      var setup = setup
      guard index > 0 else { return setup }
      setup.name = "\(setup.name)\(index + 1)"
      let kit = classes.first { $0.name == setup.kit } ?? classes[0]
      let zone = setup.zone.flatMap(self.zone(named:)) ?? kit.startZone
      let center = setup.position ?? zones[zone].arrival
      let ring = Double((index + 7) / 8)
      let place = center.moved(ring * 40, along: Heading(Double(index % 8) * 64 + ring * 13))
      let ground = zones[zone].ground(x: place.x, y: place.y, below: center.z + 30)
      setup.position =
        ground.map { abs($0 - center.z) < 30 ? Position(place.x, place.y, $0 + 1) : center } ?? center
      return setup
    }
  }
}
