import CSandboxMemory
import Foundation
import Sandbox
import TestSupport
import Testing
import World

/// The client as a program, on displays of its own.
@Suite(.serialized) struct ClientTests {
  @Test func `keys move the player, memory shows it, and the key log repeats it`() throws {
    guard let display = try VirtualDisplay() else { return }
    let folder = try Repository.temporaryDirectory("client")
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appending(path: "keys.jsonl").path
    let picture = folder.appending(path: "window.png").path
    let client = try RunningClient([
      "--display", display.name, "--seed", "3", "--zone", "meadow", "--key-log", log, "--screenshot", picture,
    ])
    let keyboard = try #require(Keyboard(display.name))
    try #require(eventually(within: 60) { keyboard.focused(title: Client.windowTitle) != nil })
    let memory = try LiveMemory.client(pid: client.pid)
    let root = try #require(try LiveMemory.address(of: "compass_sandbox_root", pid: client.pid))
    func own() -> sandbox1_spawn? {
      memory.client(root).flatMap { memory.value($0.own, sandbox1_spawn()) }
    }
    let start = try #require(own())

    keyboard.press("w", isDown: true)
    #expect(eventually(within: 30) { (own()?.y ?? start.y) > start.y + 20 })
    keyboard.press("w", isDown: false)
    #expect(eventually { own()?.velocity_y == 0 })
    keyboard.press("d", isDown: true)
    #expect(eventually { (own()?.heading ?? 0) > 20 })
    keyboard.press("d", isDown: false)
    for key in ["slash", "s", "a", "y", "space", "h", "i", "Return"] { keyboard.tap(key) }
    let chatted = eventually {
      guard let chat = memory.client(root).flatMap({ memory.value($0.chat, sandbox1_chat()) }) else { return false }
      return text(chat.lines).contains("says, 'hi'") || chat.total > 0
    }
    #expect(chatted)
    // Nodes move while they are read; the whole list is caught in a moment of rest.
    #expect(eventually { (memory.spawns(root)?.count ?? 0) > 50 })

    kill(client.pid, SIGUSR1)
    #expect(
      eventually { FileManager.default.contents(atPath: picture)?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true })
    kill(client.pid, SIGTERM)
    #expect(client.exitCode() == 0)

    let replay = try KeyLogReplay(try String(contentsOfFile: log, encoding: .utf8), file: log)
    let data = try WorldData.load(directory: "Data/worlds/sandbox")
    #expect(replay.inputs.contains { $0.input.event == .text("/say hi") })
    #expect(replay.hashes.count > 1)
    #expect(try replay.firstDifference(data) == nil)
  }

  @Test func `addresses differ from start to start, offsets do not`() throws {
    guard let display = try VirtualDisplay() else { return }
    var roots: [UInt64] = []
    var builds: [UInt32] = []
    for layout in 1...2 {
      let client = try RunningClient(["--display", display.name, "--memory-layout", "\(layout)"])
      let keyboard = try #require(Keyboard(display.name))
      try #require(eventually(within: 60) { keyboard.focused(title: Client.windowTitle) != nil })
      let root = try #require(try LiveMemory.address(of: "compass_sandbox_root", pid: client.pid))
      roots.append(root)
      builds.append(try LiveMemory.client(pid: client.pid).root(root)?.layout ?? 0)
      // Its close button ends it in good order.
      keyboard.close(try #require(keyboard.focused(title: Client.windowTitle)))
      #expect(client.exitCode() == 0)
    }
    #expect(roots[0] != roots[1])
    #expect(builds == [1, 2])
  }

  @Test func `the end of the display ends the client with 69`() throws {
    guard let display = try VirtualDisplay() else { return }
    let client = try RunningClient(["--display", display.name])
    try #require(eventually(within: 60) { Keyboard(display.name)?.focused(title: Client.windowTitle) != nil })
    display.end()
    #expect(client.exitCode() == 69)
    #expect(client.complaint.contains("display"))
  }

  @Test func `what cannot be is refused with a reason`() throws {
    let cases: [([String], Int32, String)] = [
      (["--display", ":987"], 69, "cannot open X display"), (["--zone", "nowhere"], 64, "no zone \"nowhere\""),
      (["--class", "bard"], 64, "no class \"bard\""), (["--bogus"], 64, "unknown argument"),
      (["--memory-layout", "3"], 64, "from 1 to 2"), (["--misbehave", "often"], 64, "torn"),
    ]
    for (arguments, code, reason) in cases {
      let client = try RunningClient(arguments)
      #expect(client.exitCode() == code, "\(arguments)")
      #expect(client.complaint.contains(reason), "\(arguments)")
    }
  }
}
