import CLinux
import Command
import Core
import Glibc
import Perception

/// Snapshots of another process: this program, started a second time as a target that draws 60 frames per second.
func benchPerception(asJSON: Bool) throws {
  for (spawns, isCold) in [(50, false), (200, false), (200, true), (1_000, false)] {
    let target = try PerceptionTarget.start(spawns: spawns)
    defer { target.end() }
    let layout = try Layout.parse(PerceptionTarget.layout, file: "benchmark layout")
    let reader = SnapshotReader(
      plan: try LayoutPlan(layout: layout), memory: try ProcessMemory(pid: target.pid), anchors: [target.root])
    var tick = 0
    // The first read of all walks the list node by node.
    for _ in 0..<3 {
      _ = try reader.read(tick: Tick(tick))
      tick += 1
    }
    let first = tick
    var calls = 0
    var retries = 0
    var result = try measure(
      "perception", "\(spawns) spawns \(isCold ? "cold" : "hot")", count: isCold ? 100 : 3_000,
      warmUp: isCold ? 3 : 200, clock: .monotonic, prepare: { if isCold { usleep(50_000) } },
      {
        let snapshot = try reader.read(tick: Tick(tick))
        tick += 1
        calls += snapshot.callCount
        retries += snapshot.retryCount
        guard snapshot.isTorn || snapshot.state.spawns.count == spawns else {
          throw CommandError(.internalFault, "\(snapshot.state.spawns.count) spawns of \(spawns)")
        }
      })
    result.extras = [
      ("syscalls", Double(calls) / Double(tick - first)), ("retries", Double(retries) / Double(tick - first)),
    ]
    result.report(asJSON: asJSON)
  }
}

/// The other process of the benchmark.
struct PerceptionTarget {
  static let subcommand = "perception-target"

  let pid: pid_t
  let root: UInt64

  static func start(spawns: Int) throws -> PerceptionTarget {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw CommandError(.internalFault, "no pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      close(ends[0])
    }
    let words: [String] = ["compass-bench", subcommand, "\(spawns)"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, "/proc/self/exe", &actions, nil, arguments, environ)
    close(ends[1])
    var line = [UInt8](repeating: 0, count: 64)
    let count = status == 0 ? read(ends[0], &line, line.count) : -1
    guard count > 1, let root = UInt64(String(decoding: line[..<(count - 1)], as: UTF8.self)) else {
      throw CommandError(.internalFault, "the target did not start")
    }
    return PerceptionTarget(pid: pid, root: root)
  }

  func end() {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }

  // MARK: The target's side

  private static let spawnBytes = 208
  private static let floats = [
    "x", "y", "z", "velocity_x", "velocity_y", "velocity_z", "heading",
  ]

  /// Draws frames until the parent ends.
  static func run(spawns: Int) -> Never {
    linux_set_parent_death_signal(SIGKILL)
    var random = SeededGenerator(seed: 1)
    func block(_ size: Int) -> UnsafeMutableRawPointer {
      // Neighbours of all sizes lie between the nodes, as on a real heap.
      _ = malloc(16 * random.integer(1...24))
      guard let block = calloc(1, size) else { exit(70) }
      return block
    }
    let root = block(256)
    let character = block(256)
    root.storeBytes(of: character, toByteOffset: 16, as: UnsafeMutableRawPointer.self)
    character.storeBytes(of: 1, toByteOffset: 0, as: UInt32.self)
    character.storeBytes(of: 90, toByteOffset: 4, as: Int32.self)
    character.storeBytes(of: 100, toByteOffset: 8, as: Int32.self)
    var nodes: [UnsafeMutableRawPointer] = []
    for index in 0...spawns {
      let node = block(spawnBytes)
      node.storeBytes(of: UInt32(index + 1), toByteOffset: 24, as: UInt32.self)
      for (place, byte) in "a decaying skeleton \(index)".utf8.enumerated() {
        node.storeBytes(of: byte, toByteOffset: 32 + place, as: UInt8.self)
      }
      node.storeBytes(of: 10, toByteOffset: 128, as: UInt8.self)
      node.storeBytes(of: 1, toByteOffset: 129, as: UInt8.self)
      node.storeBytes(of: 75, toByteOffset: 131, as: UInt8.self)
      if let last = nodes.last {
        last.storeBytes(of: node, toByteOffset: 8, as: UnsafeMutableRawPointer.self)
        node.storeBytes(of: last, toByteOffset: 16, as: UnsafeMutableRawPointer.self)
      }
      nodes.append(node)
    }
    root.storeBytes(of: nodes[0], toByteOffset: 8, as: UnsafeMutableRawPointer.self)
    emit("\(UInt(bitPattern: root))")
    for frame in UInt32(1)...UInt32.max / 2 {
      root.storeBytes(of: frame * 2 - 1, toByteOffset: 0, as: UInt32.self)
      for node in nodes {
        for (index, _) in floats.enumerated() {
          node.storeBytes(of: Float(frame % 500), toByteOffset: 96 + 4 * index, as: Float.self)
        }
      }
      root.storeBytes(of: frame * 2, toByteOffset: 0, as: UInt32.self)
      usleep(16_666)
    }
    exit(0)
  }

  /// What `run` lays out.
  static var layout: String {
    let places = floats.enumerated().map {
      "\"\($1)\": {\"at\": \(96 + 4 * $0), \"type\": \"f32\", \"range\": [-9999, 9999]}"
    }
    let map = floats.map { "\"\($0)\": \"\($0)\"" }
    let character = ["x", "y", "z", "heading"].map { "\"\($0)\": \"root.spawns.\($0)\"" }
    return """
      {
        "format": 1, "name": "benchmark", "module": {"path": "*"},
        "anchors": {"root": {"struct": "root", "at": [{"module": 0}]}},
        "structs": {
          "root": {"size": 64, "fields": {
            "frame": {"at": 0, "type": "u32"},
            "list": {"at": 8, "type": "list", "of": "spawn", "next": "next", "previous": "previous", "max": 4000},
            "spawns": {"at": 8, "type": "pointer", "to": "spawn"},
            "character": {"at": 16, "type": "pointer", "to": "character"}}},
          "character": {"size": 256, "fields": {
            "id": {"at": 0, "type": "u32"}, "health": {"at": 4, "type": "i32"}, "health_max": {"at": 8, "type": "i32"}}},
          "spawn": {"size": \(spawnBytes), "fields": {
            "next": {"at": 8, "type": "pointer", "to": "spawn"}, "previous": {"at": 16, "type": "pointer", "to": "spawn"},
            "id": {"at": 24, "type": "u32"}, "name": {"at": 32, "type": "char[64]"}, \(places.joined(separator: ", ")),
            "level": {"at": 128, "type": "u8"}, "kind": {"at": 129, "type": "u8", "cases": {"0": "player", "1": "npc"}},
            "stand": {"at": 130, "type": "u8", "cases": {"0": "standing", "1": "sitting"}},
            "health_percent": {"at": 131, "type": "u8", "scale": 0.01, "range": [0, 1]},
            "race": {"at": 132, "type": "u16"}, "class_id": {"at": 134, "type": "u8"},
            "owner": {"at": 136, "type": "u32", "none": [0]}, "target": {"at": 140, "type": "u32", "none": [0]}}}
        },
        "state": {
          "frame": "root.frame", "odd_frame_is_writing": true,
          "player": {"id": "root.character.id", "health": "root.character.health",
            "health_max": "root.character.health_max", \(character.joined(separator: ", "))},
          "spawns": {"in": "root.list[]", "id": "id", "name": "name", \(map.joined(separator: ", ")), "level": "level",
            "kind": "kind", "body": "stand", "health_fraction": "health_percent", "race": "race", "class_id": "class_id",
            "owner": "owner", "target": "target"}
        }
      }
      """
  }
}
