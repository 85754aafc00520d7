import Core
import Glibc
import World

/// Writes what the player's keyboard did, and the state's hash after every step, as JSON lines: fed to a world with the
/// same data and seed, the same inputs give the same hashes.
///
///     {"seed":1,"zone":"meadow","kit":"…","level":5,"world_hash":"…"}
///     {"step":12,"us":4000,"key":"forward","down":true}
///     {"step":40,"us":0,"text":"/sell all"}
///     {"step":60,"hash":"9f…"}
///
/// With several players in one world, the head has `"players":N` and every input its `"player"`, from 0.
/// `step` is the world's step index after the step that took the input.
struct KeyLog: ~Copyable {
  private let file: UnsafeMutablePointer<FILE>
  private var json = JSONText()
  private let players: Int

  /// - Parameter setup: How the first player began.
  init(path: String, seed: UInt64, setup: PlayerSetup, players: Int = 1, worldHash: UInt64) throws {
    guard let file = fopen(path, "w") else {
      throw SandboxFailure.cannotWrite("cannot write \(path): \(systemMessage(errno))")
    }
    self.file = file
    self.players = players
    json.object {
      $0.member("seed", String(seed))
      if let zone = setup.zone { $0.member("zone", zone) }
      if let kit = setup.kit { $0.member("kit", kit) }
      $0.member("level", setup.level)
      if players > 1 { $0.member("players", players) }
      $0.member("world_hash", hexadecimal(worldHash))
    }
    endLine()
  }

  deinit { fclose(file) }

  mutating func note(_ inputs: [PlayerInput], _ world: World) {
    for input in inputs {
      json.object {
        $0.member("step", world.stepIndex)
        if players > 1 { $0.member("player", input.player) }
        $0.member("us", input.microsecond)
        switch input.event {
        case .key(let key, let isDown):
          $0.member("key", key.name)
          $0.member("down", isDown)
        case .text(let text):
          $0.member("text", text.description)
        }
      }
      endLine()
    }
    json.object {
      $0.member("step", world.stepIndex)
      $0.member("hash", hexadecimal(world.stateHash))
    }
    endLine()
  }

  private mutating func endLine() {
    json.endLine()
    json.bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    fflush(file)
    json.clear()
  }
}

/// A word as sixteen hexadecimal digits.
public func hexadecimal(_ word: UInt64) -> String {
  let digits = String(word, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
