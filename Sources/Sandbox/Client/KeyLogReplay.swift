import Core
import World

/// A key log read back.
public struct KeyLogReplay: Sendable {
  public var setup: PlayerSetup
  public var seed: UInt64
  public var players = 1
  public var worldHash: String
  /// Inputs by the step that took them, in order.
  public var inputs: [(step: Int, input: PlayerInput)] = []
  public var hashes: [(step: Int, hash: String)] = []

  /// - Throws: `DataError` with the line.
  public init(_ text: String, file: String) throws {
    let lines = text.split(separator: "\n").map(String.init)
    guard let first = lines.first else { throw DataError(file: file, cause: "the key log is empty") }
    let header = try DataNode.parse(first, file: file)
    guard let seed = UInt64(try header["seed"].string()) else { throw header["seed"].error("no seed") }
    self.seed = seed
    worldHash = try header["world_hash"].string()
    setup = PlayerSetup(
      kit: header["kit"].exists ? try header["kit"].string() : nil, level: try header["level"].integer(),
      zone: header["zone"].exists ? try header["zone"].string() : nil)
    if header["players"].exists { players = try header["players"].integer(in: 1...64) }
    for line in lines.dropFirst() {
      let node = try DataNode.parse(line, file: file)
      let step = try node["step"].integer()
      if node["hash"].exists {
        hashes.append((step, try node["hash"].string()))
        continue
      }
      let event: PlayerInput.Event
      if node["text"].exists {
        event = .text(FixedText(try node["text"].string()))
      } else {
        guard let key = ClientKey(name: try node["key"].string()) else { throw node["key"].error("no such key") }
        event = .key(key, isDown: try node["down"].boolean())
      }
      let player = node["player"].exists ? try node["player"].integer(in: 0...63) : 0
      inputs.append((step, PlayerInput(player: player, microsecond: try node["us"].integer(), event)))
    }
  }

  /// Plays the inputs in a fresh world.
  /// - Returns: the first step whose hash differs from the log; nil when all are equal.
  public func firstDifference(_ data: WorldData) throws -> Int? {
    var world = try World(data: data, seed: seed, players: data.group(of: players, setup))
    var next = 0
    for (step, hash) in hashes {
      while world.stepIndex < step {
        var taken: [PlayerInput] = []
        while next < inputs.count, inputs[next].step == world.stepIndex + 1 {
          taken.append(inputs[next].input)
          next += 1
        }
        world.step(taken)
      }
      if hexadecimal(world.stateHash) != hash { return step }
    }
    return nil
  }
}
