import Core
import TestSupport
import Testing

@testable import World

/// The project's own world data, loaded once.
enum Sandbox {
  static let directory = Repository.root.appending(path: "Data/worlds/sandbox").path
  static let loaded: Result<WorldData, any Error> = Result { try WorldData.load(directory: directory) }

  static func data() throws -> WorldData { try loaded.get() }

  static func world(
    seed: UInt64 = 1, kit: String? = nil, level: Int = 5, zone: String? = nil, at position: Position? = nil
  ) throws -> World {
    try World(
      data: try data(), seed: seed,
      players: [PlayerSetup(name: "Tester", kit: kit, level: level, zone: zone, position: position)])
  }
}

/// Plays one player's keys, as a person would.
extension World {
  mutating func run(seconds: Double, _ inputs: [PlayerInput] = []) {
    var first = inputs
    for _ in 0..<Int(seconds * 30) {
      step(first)
      first = []
    }
  }

  mutating func tap(_ key: ClientKey) {
    step([
      PlayerInput(player: 0, .key(key, isDown: true)),
      PlayerInput(player: 0, microsecond: 20_000, .key(key, isDown: false)),
    ])
  }

  mutating func hold(_ key: ClientKey, seconds: Double) {
    run(seconds: seconds, [PlayerInput(player: 0, .key(key, isDown: true))])
    step([PlayerInput(player: 0, .key(key, isDown: false))])
  }

  mutating func type(_ text: String) {
    step([PlayerInput(player: 0, .text(FixedText(text)))])
  }

  /// Runs until `condition`; false when `seconds` went by without.
  mutating func run(until condition: (World) -> Bool, within seconds: Double) -> Bool {
    for _ in 0..<Int(seconds * 30) {
      if condition(self) { return true }
      step([])
    }
    return condition(self)
  }

  var me: Entity { body(ofPlayer: 0) }
}
