import CSandboxMemory
import Foundation
import Glibc
import TestSupport
import World

/// Somebody who plays the running client with the keys of its display, and looks at what its memory shows.
final class LivePlayer {
  let pid: Int32
  let keyboard: Keyboard
  private let memory: ClientMemory
  private let root: UInt64
  /// World seconds per second.
  private let speed: Double

  /// Waits until the client's memory can be read; nil when it cannot within a minute.
  init?(pid: Int32, keyboard: Keyboard, speed: Double = 1) throws {
    self.pid = pid
    self.keyboard = keyboard
    self.speed = speed
    memory = try LiveMemory.client(pid: pid)
    var found: UInt64?
    let memory = memory
    let isThere = eventually(within: 60) {
      if found == nil { found = try? LiveMemory.address(of: "compass_sandbox_root", pid: pid) }
      return found.flatMap { memory.client($0) }?.own ?? 0 != 0
    }
    guard isThere, let found else { return nil }
    root = found
  }

  // MARK: What is seen

  private var client: sandbox1_client? { memory.client(root) }
  var own: sandbox1_spawn? { client.flatMap { memory.value($0.own, sandbox1_spawn()) } }
  var target: sandbox1_spawn? { client.flatMap { $0.target == 0 ? nil : memory.value($0.target, sandbox1_spawn()) } }
  var character: sandbox1_character? { client.flatMap { memory.value($0.character, sandbox1_character()) } }
  var windows: sandbox1_windows? { client.flatMap { memory.value($0.windows, sandbox1_windows()) } }
  var doors: sandbox1_doors? { client.flatMap { memory.value($0.doors, sandbox1_doors()) } }
  func spawns() -> [sandbox1_spawn]? { memory.spawns(root)?.map(\.node) }

  /// The zone's name; nil while it loads.
  var zone: String? {
    guard let zone = client.flatMap({ memory.value($0.zone, sandbox1_zone()) }),
      zone.phase == UInt16(sandbox_phase_playing)
    else { return nil }
    return text(zone.short_name)
  }

  /// Copper in all coins.
  var money: Int {
    guard let character else { return -1 }
    return Int(character.platinum) * 1000 + Int(character.gold) * 100 + Int(character.silver) * 10
      + Int(character.copper)
  }

  func isStanding(_ stand: Int) -> Bool { character.map { Int($0.stand) == stand } ?? false }

  // MARK: What is pressed

  func pause(_ seconds: Double) { usleep(UInt32(seconds / speed * 1e6)) }

  func tap(_ key: String) {
    keyboard.tap(key)
    pause(0.2)
  }

  func type(_ line: String) {
    for character in line {
      keyboard.tap(character == "/" ? "slash" : character == " " ? "space" : String(character))
    }
    keyboard.tap("Return")
    pause(0.3)
  }

  /// How far `point` lies, and by how much to turn towards it. Unit: world units, 512ths of a turn.
  private func way(to point: (x: Double, y: Double)) -> (distance: Double, turn: Double)? {
    guard let own else { return nil }
    let (x, y) = (point.x - Double(own.x), point.y - Double(own.y))
    var turn = atan2(x, y) / .pi * 256 - Double(own.heading)
    while turn > 256 { turn -= 512 }
    while turn < -256 { turn += 512 }
    return ((x * x + y * y).squareRoot(), turn)
  }

  /// Runs straight to `point`, turning on the way; jumps and sidesteps when it gets no further.
  /// - Returns: False when it took longer than three minutes of the world, or `isOver` said so.
  @discardableResult
  func walk(to point: (x: Double, y: Double), within radius: Double = 6, until isOver: () -> Bool = { false }) -> Bool
  {
    var held: Set<String> = []
    func hold(_ key: String, _ isDown: Bool) {
      guard held.contains(key) != isDown else { return }
      keyboard.press(key, isDown: isDown)
      if isDown { held.insert(key) } else { held.remove(key) }
    }
    defer { for key in held.sorted() { keyboard.press(key, isDown: false) } }
    let last = Date.now.addingTimeInterval(180 / speed)
    var nearest = (distance: Double.infinity, at: Date.now)
    while Date.now < last, !isOver(), kill(pid, 0) == 0 {
      guard let (distance, turn) = way(to: point), distance.isFinite else {
        pause(0.1)
        continue
      }
      if distance <= radius { return true }
      if distance < nearest.distance - 2 { nearest = (distance, .now) }
      hold("d", turn > 8)
      hold("a", turn < -8)
      hold("w", abs(turn) < 50)
      if Date.now.timeIntervalSince(nearest.at) > 2.5 / speed {
        let side = Int(last.timeIntervalSinceNow) % 2 == 0 ? "q" : "e"
        hold("d", false)
        hold("a", false)
        keyboard.tap("space")
        keyboard.press(side, isDown: true)
        pause(0.8)
        keyboard.press(side, isDown: false)
        nearest = (distance, .now)
      }
      usleep(4_000)
    }
    return false
  }

  /// Along a way, and over the zone line at its end; true when another zone is there and loaded.
  func cross(_ points: [(x: Double, y: Double)]) -> Bool {
    let start = zone
    for point in points { walk(to: point, until: { self.zone != start }) }
    return eventually(within: 30) { self.zone != nil && self.zone != start }
  }
}
