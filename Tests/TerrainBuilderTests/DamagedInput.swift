import Core
import Testing

@testable import TerrainBuilder

/// Input that was cut or changed: a reader may take it or refuse it with an `AssetError`, and nothing else.
enum DamagedInput {
  static func survive(
    _ bytes: [UInt8], seed: UInt64, rounds: Int, sourceLocation: SourceLocation = #_sourceLocation,
    read: ([UInt8]) throws -> Void
  ) {
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds {
      var damaged = bytes
      switch round % 4 {
      case 0: damaged.removeLast(Int.random(in: 1...max(1, damaged.count), using: &random))
      case 1:
        damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2:
        // Heads and counts more often than the rest.
        for _ in 0..<3 {
          damaged[Int.random(in: 0..<min(512, damaged.count), using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      default:
        let at = Int.random(in: 0..<max(1, damaged.count - 4), using: &random)
        let odd: [[UInt8]] = [
          [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0xC0, 0x7F],
        ]
        for (index, byte) in (odd.randomElement(using: &random) ?? []).enumerated() where at + index < damaged.count {
          damaged[at + index] = byte
        }
      }
      do {
        try read(damaged)
      } catch let error as AssetError {
        #expect(!error.cause.isEmpty, "seed \(seed), round \(round)", sourceLocation: sourceLocation)
      } catch {
        Issue.record("seed \(seed), round \(round): \(error)", sourceLocation: sourceLocation)
      }
    }
  }
}
