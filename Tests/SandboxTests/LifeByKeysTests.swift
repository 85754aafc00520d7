import CSandboxMemory
import Foundation
import Sandbox
import TestSupport
import Testing
import World

/// A life through the keyboard of a real display: no agent, no way into the client but its keys.
@Suite(.serialized) struct LifeByKeysTests {
  /// About eight minutes of the world at four times its pace.
  @Test(.enabled(if: Repository.runsLongTests))
  func `kill, loot, sell, buy, memorise, travel through all zones, die, recover the corpse, come back`() throws {
    guard let display = try VirtualDisplay() else { return }
    let folder = try Repository.temporaryDirectory("life")
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appending(path: "keys.jsonl").path
    let chat = folder.appending(path: "chat.txt").path
    let speed = 4.0
    let client = try RunningClient([
      "--display", display.name, "--seed", "5", "--level", "50", "--speed", "\(speed)", "--key-log", log,
      "--chat-log",
      chat,
    ])
    let keyboard = try #require(Keyboard(display.name))
    try #require(eventually(within: 60) { keyboard.focused(title: Client.windowTitle) != nil })
    let player = try #require(try LivePlayer(pid: client.pid, keyboard: keyboard, speed: speed))
    func said(_ words: String) -> Bool {
      (try? String(contentsOfFile: chat, encoding: .utf8))?.contains(words) ?? false
    }
    #expect(player.zone == "meadow")

    // A spell into a gem.
    player.tap("x")
    player.type("/mem 8 gate")
    #expect(eventually(within: 20) { said("You have memorised Gate in gem 8.") })
    player.tap("x")

    // Kill and loot until something can be sold.
    player.walk(to: (-120, -700), within: 20)
    for _ in 0..<15 where !said("You have looted") {
      player.tap("Tab")
      guard let prey = player.target, prey.kind == UInt8(sandbox_kind_npc), prey.level <= 4 else { continue }
      player.walk(to: (Double(prey.x), Double(prey.y)), within: 60)
      player.tap("3")
      let isDead = eventually(within: 8 / speed + 2) {
        player.target.map { $0.kind == UInt8(sandbox_kind_corpse) } ?? false
      }
      guard isDead, let corpse = player.target else { continue }
      player.walk(to: (Double(corpse.x), Double(corpse.y)), within: 6)
      player.tap("l")
      player.type("/loot all")
      player.tap("Escape")
    }
    #expect(said("You have slain"))
    #expect(said("You have looted"))

    // Sell, and buy.
    player.walk(to: (34, -796), within: 6)
    player.type("/target peddler")
    player.tap("l")
    #expect(eventually { player.windows?.merchant_open == 1 })
    let poor = player.money
    player.type("/sell all")
    #expect(eventually { player.money > poor })
    let rich = player.money
    player.type("/buy 1 2")
    #expect(eventually { player.money < rich && said("You bought 2 x bone chips") })
    player.tap("Escape")
    player.tap("Escape")
    let purse = player.money

    // Into the canyon, and into the lava.
    let toCanyon: [(x: Double, y: Double)] = [(0, -860), (1018, -300)]
    let toLava: [(x: Double, y: Double)] = [(-533, -14), (-128, -18), (320, 20)]
    #expect(player.cross(toCanyon))
    #expect(player.zone == "canyon")
    for point in toLava { try #require(player.walk(to: point, within: 10), "\(point)") }
    player.walk(to: (380, 40), within: 6)
    #expect(eventually(within: 60) { player.isStanding(Int(sandbox_stand_dead)) })
    let grave = try #require(player.own)
    player.type("/release")
    #expect(eventually(within: 30) { player.zone == "meadow" })
    #expect(player.money == 0)

    // Back for its things.
    #expect(player.cross(toCanyon))
    for point in toLava { try #require(player.walk(to: point, within: 10), "\(point)") }
    player.walk(to: (Double(grave.x), Double(grave.y)), within: 6)
    player.tap("c")
    player.tap("l")
    player.type("/loot all")
    #expect(eventually { player.money == purse })

    // On through the marsh and the barrow, home, to town and home again.
    #expect(player.cross([(320, 20), (468, -127), (529, -143), (705, -319), (1018, -320)]))
    #expect(player.zone == "marsh")
    #expect(
      player.cross([(-712, 156), (-387, 170), (-280, 215), (-175, 282), (91, 567), (94, 640), (100, 1190)]))
    #expect(player.zone == "barrow")
    let toDoor: [(x: Double, y: Double)] = [
      (10, -194), (90, -60), (106, -48), (160, -110), (250, -130), (250, 15), (244, 38), (120, 45), (60, 80),
      (11, 141),
      (4, 174),
    ]
    for point in toDoor { try #require(player.walk(to: point, within: 4), "\(point)") }
    player.tap("Escape")
    player.tap("l")
    #expect(eventually { player.doors?.entries.3.open == 1 })
    #expect(player.cross([(6, 250), (0, 283)]))
    #expect(player.zone == "meadow")
    #expect(player.cross([(-78, -943), (0, -1018)]))
    #expect(player.zone == "harbour")
    #expect(player.cross([(0, 1018)]))
    #expect(player.zone == "meadow")

    kill(client.pid, SIGTERM)
    #expect(client.exitCode() == 0)
    let replay = try KeyLogReplay(try String(contentsOfFile: log, encoding: .utf8), file: log)
    print("\(replay.hashes.count) steps, \(replay.inputs.count) inputs")
    #expect(try replay.firstDifference(try WorldData.load(directory: "Data/worlds/sandbox")) == nil)
  }
}
