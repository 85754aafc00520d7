import Core
import Foundation
import Perception
import SandboxMirror
import TestSupport
import Testing
import World

/// A reader decodes only what changed since its last read. One that never read before knows no such short cut: both
/// must see the same.
@Suite struct DecodingTests {
  @Test func `a reader that was there all along sees what a new one sees`() throws {
    let root = Repository.root
    let data = try WorldData.load(directory: root.appending(path: "Data/worlds/sandbox").path)
    var compared: [String: Int] = [:]
    for layout in 1...2 {
      let file = root.appending(path: "Data/layouts/sandbox-\(layout).json")
      let plan = try LayoutPlan(layout: try Layout.parse(try Data(contentsOf: file), file: file.path))
      for kind in [nil] + Misbehaviour.allCases.map({ Optional($0) }) {
        let name = "layout \(layout), \(kind.map { "\($0)" } ?? "sound")"
        var world = try World(data: data, seed: 5, players: [PlayerSetup(level: 5)])
        let memory = MirrorMemory.arena()
        let anchor = try #require(memory.address(ofSymbol: MirrorMemory.rootSymbol))
        var mirror = Mirror(memory: memory, layout: layout)
        mirror.misbehaviour = kind
        func reader() -> SnapshotReader {
          SnapshotReader(plan: plan, memory: VirtualMemory { memory.read($0, into: $1) }, anchors: [anchor])
        }
        let keeper = reader()
        for slot in 0..<120 {
          for step in 0..<3 {
            world.step(keys(slot * 3 + step))
            mirror.write(world, player: 0)
          }
          let (kept, new) = (try keeper.read(tick: Tick(slot)), try reader().read(tick: Tick(slot)))
          #expect(kept.isTorn == new.isTorn, "\(name), tick \(slot)")
          guard !kept.isTorn, !new.isTorn else { continue }
          #expect(kept.state.spawns == new.state.spawns, "\(name), tick \(slot)")
          #expect(kept.state.player == new.state.player, "\(name), tick \(slot)")
          #expect(kept.state.target == new.state.target, "\(name), tick \(slot)")
          if kept.state.validity != .stale {
            #expect(kept.state.validity == new.state.validity, "\(name), tick \(slot)")
          }
          compared[name, default: 0] += kept.state.spawns.isEmpty ? 0 : 1
        }
      }
    }
    for (name, count) in compared.sorted(by: { $0.key < $1.key }) { #expect(count > 60, "\(name): \(count)") }
    #expect(compared.count == 2 * (1 + Misbehaviour.allCases.count))
  }

  /// Runs about, makes a pet, and goes through a gate, so that the list loses and gains nodes.
  private func keys(_ step: Int) -> [PlayerInput] {
    switch step {
    case 20:
      [PlayerInput(player: 0, .key(.gem6, isDown: true)), PlayerInput(player: 0, .key(.targetNextNPC, isDown: true))]
    case 200: [PlayerInput(player: 0, .key(.forward, isDown: true))]
    case 290: [PlayerInput(player: 0, .text("/camp"))]
    default: []
    }
  }
}
