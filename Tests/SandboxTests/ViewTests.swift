import Core
import Testing
import World

@testable import Sandbox

@Suite struct ViewTests {
  @Test func `every zone can be drawn from anywhere in it`() throws {
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    var generator = SeededGenerator(seed: 12)
    let picture = Picture(width: 320, height: 240)
    for zone in data.zones {
      let (low, high) = (zone.mesh.low, zone.mesh.high)
      var view = ClientView(picture: picture, keys: data.keys)
      let corners = [(low.x, low.y), (high.x, high.y), (low.x, high.y)]
      let middles = (0..<3).map { _ in
        (
          Float(generator.uniform(Double(low.x)...Double(high.x))),
          Float(generator.uniform(Double(low.y)...Double(high.y)))
        )
      }
      for (x, y) in corners + middles {
        let place = Position(Double(x), Double(y), zone.ground(x: Double(x), y: Double(y)) ?? 0)
        var world = try World(data: data, seed: 1, players: [PlayerSetup(zone: zone.name, position: place)])
        world.step([PlayerInput(player: 0, .key(.targetNextNPC, isDown: true))])
        view.draw(world, player: 0, typed: "/say", isHelpShown: true)
      }
    }
    picture.withPixels { pixels, stride in
      let colors = Set((0..<picture.height * stride).map { pixels[$0] })
      #expect(colors.count > 100)
    }
  }
}
