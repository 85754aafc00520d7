import CSandboxMemory
import Core
import World

// SandboxMirror: the world's state as the C structs of the sandbox client's memory, live or in an arena.
//
//     let memory = MirrorMemory.arena()
//     var mirror = try Mirror(memory: memory, layout: 1)
//     world.step(inputs)
//     mirror.write(world, player: 0)
//     memory.read(address, into: bytes)  // as another process would
//
// Only what a client knows is written. What a program that watches the client may use, the layout file says.

/// Writes one player's view of a world into memory, once per frame.
///
/// Nodes of the spawn list are linked at the head as entities come into the zone, and unlinked as they go; freed
/// nodes are used again for others. While a zone loads, the memory holds nonsense, as real clients' does.
/// Allocates nothing once as many nodes exist as the zone ever needs.
public struct Mirror {
  public let memory: MirrorMemory
  /// 1 or 2.
  public let layout: Int
  /// How the client breaks, for fault tests.
  public var misbehaviour: Misbehaviour?

  let table: sandbox_layout_table
  let root: MemoryBlock
  let client: MemoryBlock
  let character: MemoryBlock
  let zone: MemoryBlock
  let windows: MemoryBlock
  let doors: MemoryBlock
  let chat: MemoryBlock
  let spawns: MemoryBlock
  let inventory: MemoryBlock
  let bags: [MemoryBlock]

  var nodes = SpawnNodes()
  var items: [ItemNode] = []
  var frame: UInt32 = 0
  var chatTotal: UInt32 = 0
  private var chatStep = -1
  private var lastZone = -1
  private var wasLoading = false

  /// Sets up the client's objects in `memory`.
  /// - Precondition: `layout` is 1 or 2.
  public init(memory: MirrorMemory, layout: Int = 1) {
    guard let table = sandbox_layout(Int32(layout))?.pointee else {
      preconditionFailure("there is no memory layout \(layout)")
    }
    self.memory = memory
    self.layout = layout
    self.table = table
    root = memory.root
    client = memory.allocate(Int(table.size_client))
    character = memory.allocate(Int(table.size_character))
    zone = memory.allocate(Int(table.size_zone))
    inventory = memory.allocate(Int(table.size_inventory))
    windows = memory.allocate(Int(table.size_windows))
    doors = memory.allocate(Int(table.size_doors))
    chat = memory.allocate(Int(table.size_chat))
    spawns = memory.allocate(Int(table.size_spawns))
    bags = (0..<sandbox_bag_count).map { _ in memory.allocate(Int(table.size_bag)) }
    connect()
  }

  private func connect() {
    client.store(character.address, at: table.client_character)
    client.store(spawns.address, at: table.client_spawns)
    client.store(zone.address, at: table.client_zone)
    client.store(windows.address, at: table.client_windows)
    client.store(doors.address, at: table.client_doors)
    client.store(chat.address, at: table.client_chat)
    character.store(inventory.address, at: table.character_inventory)
    sandbox_copy_magic(root.pointer + Int(table.root_magic))
    withUnsafeBytes(of: table.build_id) {
      guard let start = $0.baseAddress else { return }
      (root.pointer + Int(table.root_build_id)).copyMemory(from: start, byteCount: $0.count)
    }
    root.store(UInt32(layout), at: table.root_layout)
    root.store(client.address, at: table.root_client)
  }

  /// Writes the frame that `world` shows to player `index`.
  ///
  /// The frame counter is odd while this runs and even afterwards. Call it after every step, or call
  /// `noteChat` after those steps whose frames are left out.
  public mutating func write(_ world: World, player index: Int) {
    guard world.players.indices.contains(index), begin(world) else { return }
    noteChat(world, player: index)
    let state = world.players[index]
    client.store(UInt32(truncatingIfNeeded: world.stepIndex * 1000 / World.stepsPerSecond), at: table.client_clock)
    if state.isLoading {
      if !wasLoading { scramble(world, state) }
      wasLoading = true
      lastZone = -1
    } else {
      let zoneIndex = world.entities[state.slot].zone
      if zoneIndex != lastZone {
        withNodes { $0.unlinkAll($1) }
        enter(world.data.zones[zoneIndex])
        lastZone = zoneIndex
        wasLoading = false
      }
      withNodes { $0.write(world, zone: zoneIndex, player: state.slot, $1) }
      writePointers(world, state)
      writeCharacter(world, state)
      writeInventory(world, state)
      writeWindows(world, state)
      writeDoors(world, zoneIndex)
    }
    end(world)
  }

  /// Changes the spawn nodes with the rest of the mirror at hand. They are taken out meanwhile: a second reference to
  /// them would make every change a copy.
  private mutating func withNodes(_ body: (inout SpawnNodes, Mirror) -> Void) {
    var taken = SpawnNodes()
    swap(&taken, &nodes)
    body(&taken, self)
    swap(&taken, &nodes)
  }

  /// Takes over what the last step told the player. Does nothing when that step's lines are already there.
  public mutating func noteChat(_ world: World, player index: Int) {
    guard chatStep != world.stepIndex else { return }
    chatStep = world.stepIndex
    for line in world.chat where line.player == index { append(line.text) }
  }

  /// Adds a line of the client's own to the chat.
  public mutating func append(_ text: String) {
    let row = Int(chatTotal) % sandbox_chat_lines
    let size = sandbox_chat_bytes
    write(text.utf8, into: chat.pointer + Int(table.chat_lines) + row * size, size: size)
    chatTotal &+= 1
    chat.store(chatTotal, at: table.chat_total)
  }

  func write(_ text: some Sequence<UInt8>, into target: UnsafeMutableRawPointer, size: Int) {
    target.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    for (offset, byte) in text.prefix(size - 1).enumerated() {
      target.storeBytes(of: (0x20..<0x7F).contains(byte) ? byte : 0x3F, toByteOffset: offset, as: UInt8.self)
    }
  }

  func write(_ name: FixedName, into target: UnsafeMutableRawPointer, size: Int) {
    target.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    name.withBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      target.copyMemory(from: start, byteCount: min(bytes.count, size - 1))
    }
  }

  // MARK: Frames

  /// False when a misbehaving client writes nothing now.
  private mutating func begin(_ world: World) -> Bool {
    if let misbehaviour, misbehaviour.skips(step: world.stepIndex) { return false }
    frame &+= frame & 1 == 0 ? 1 : 2
    sandbox_publish_frame(root.pointer + Int(table.root_frame), frame)
    return true
  }

  private mutating func end(_ world: World) {
    if let misbehaviour { misbehave(misbehaviour, step: world.stepIndex) }
    if misbehaviour == .torn, Misbehaviour.torn.isActive(step: world.stepIndex), world.stepIndex & 1 == 0 { return }
    frame &+= 1
    sandbox_publish_frame(root.pointer + Int(table.root_frame), frame)
  }

  // MARK: Zones

  private func enter(_ data: ZoneData) {
    zone.store(data.id.raw, at: table.zone_id)
    zone.store(UInt16(sandbox_phase_playing), at: table.zone_phase)
    write(data.name.utf8, into: zone.pointer + Int(table.zone_short_name), size: sandbox_name_bytes)
    zone.store(data.mesh.low.x, at: table.zone_min_x)
    zone.store(data.mesh.low.y, at: table.zone_min_y)
    zone.store(data.mesh.high.x, at: table.zone_max_x)
    zone.store(data.mesh.high.y, at: table.zone_max_y)
    zone.store(Float(-0.4), at: table.zone_gravity)
  }

  /// What is left in memory while a zone loads: freed nodes, pointers to them, numbers that mean nothing.
  private mutating func scramble(_ world: World, _ state: PlayerState) {
    zone.store(UInt16(sandbox_phase_loading), at: table.zone_phase)
    zone.store(UInt16(0xFFFF), at: table.zone_id)
    if let own = nodes.block(slot: state.slot) {
      own.store(Float.nan, at: table.spawn_x)
      own.store(Float(1e12), at: table.spawn_y)
      own.store(Float(-1e30), at: table.spawn_z)
      own.store(UInt32(0xDEAD_BEEF), at: table.spawn_id)
    }
    withNodes { $0.unlinkAll($1) }
    // The last target's node is free by now, and still pointed at.
    client.store(UInt64(0x10), at: table.client_pet)
    character.store(Int32(-1), at: table.character_health)
    character.store(Int32(0), at: table.character_health_max)
    character.store(Int32(0x7FFF_FFFF), at: table.character_mana)
    character.store(UInt8(255), at: table.character_level)
    windows.store(UInt8(0), at: table.windows_loot_open)
    windows.store(UInt8(0), at: table.windows_merchant_open)
  }

  private func writePointers(_ world: World, _ state: PlayerState) {
    func address(_ id: EntityID?) -> UInt64 {
      guard let id, let slot = world.slot(of: id) else { return 0 }
      return nodes.block(slot: slot)?.address ?? 0
    }
    client.store(nodes.block(slot: state.slot)?.address ?? 0, at: table.client_own)
    client.store(address(state.target), at: table.client_target)
    client.store(address(state.pet), at: table.client_pet)
  }
}
