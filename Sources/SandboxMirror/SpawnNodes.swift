import CSandboxMemory
import Core
import World

/// The nodes of the spawn list: one for each entity in the player's zone, doubly linked, newest first.
///
/// Places in `linked` are entity slots. Freed nodes wait in `free`; which of them is used next is drawn, so that
/// neighbours in the list lie anywhere in memory.
struct SpawnNodes {
  private struct Node {
    var block: MemoryBlock
    /// The entity that it shows; 0 when it is not linked.
    var id: UInt32 = 0
    var next = -1
    var previous = -1
  }

  private var linked: [Node?] = []
  private var free: [MemoryBlock] = []
  private var head = -1
  private var tail = -1
  private var count: UInt32 = 0
  private var draw = SeededGenerator(seed: 0x5EED)

  func block(slot: Int) -> MemoryBlock? {
    linked.indices.contains(slot) ? linked[slot]?.block : nil
  }

  /// Blocks of the list in its order.
  var blocks: [MemoryBlock] {
    var blocks: [MemoryBlock] = []
    var slot = head
    while slot >= 0, let node = linked[slot] {
      blocks.append(node.block)
      slot = node.next
    }
    return blocks
  }

  mutating func write(_ world: World, zone: Int, player: Int, _ mirror: borrowing Mirror) {
    if linked.count < world.entities.count {
      linked += Array(repeating: nil, count: world.entities.count - linked.count)
    }
    let firstNPC = world.npcSlots.first?.lowerBound ?? world.entities.count
    world.entities.withUnsafeBufferPointer { entities in
      for slot in 0..<firstNPC { write(entities[slot], slot, zone: zone, mirror) }
      guard world.npcSlots.indices.contains(zone) else { return }
      for slot in world.npcSlots[zone] { write(entities[slot], slot, zone: zone, mirror) }
    }
    mirror.spawns.store(address(head), at: mirror.table.spawns_head)
    mirror.spawns.store(address(tail), at: mirror.table.spawns_tail)
    mirror.spawns.store(count, at: mirror.table.spawns_count)
  }

  mutating func unlinkAll(_ mirror: borrowing Mirror) {
    while head >= 0 { unlink(head, mirror) }
    mirror.spawns.store(UInt64(0), at: mirror.table.spawns_head)
    mirror.spawns.store(UInt64(0), at: mirror.table.spawns_tail)
    mirror.spawns.store(UInt32(0), at: mirror.table.spawns_count)
  }

  @inline(__always)
  private mutating func write(_ entity: Entity, _ slot: Int, zone: Int, _ mirror: borrowing Mirror) {
    let isHere = entity.isPresent && entity.zone == zone
    if let node = linked[slot] {
      if isHere, node.id == entity.id.raw {
        update(entity, node.block, mirror.table)
        return
      }
      unlink(slot, mirror)
    }
    guard isHere else { return }
    let block = link(slot, entity, mirror)
    fill(entity, block, mirror)
    update(entity, block, mirror.table)
  }

  /// What changes while an entity is in sight.
  @inline(__always)
  private func update(_ entity: Entity, _ block: MemoryBlock, _ table: sandbox_layout_table) {
    block.store(Float(entity.position.x), at: table.spawn_x)
    block.store(Float(entity.position.y), at: table.spawn_y)
    block.store(Float(entity.position.z), at: table.spawn_z)
    block.store(Float(entity.velocity.x), at: table.spawn_velocity_x)
    block.store(Float(entity.velocity.y), at: table.spawn_velocity_y)
    block.store(Float(entity.velocity.z), at: table.spawn_velocity_z)
    block.store(Float(entity.heading.units), at: table.spawn_heading)
    block.store(entity.posture.rawValue, at: table.spawn_stand)
    block.store(percent(entity), at: table.spawn_health_percent)
    block.store(UInt8(clamping: entity.level), at: table.spawn_level)
    block.store(entity.target?.raw ?? 0, at: table.spawn_target)
  }

  /// Health as clients know it of others: whole percent, 0 only when dead.
  @inline(__always)
  private func percent(_ entity: Entity) -> UInt8 {
    guard entity.health > 0, entity.healthMax > 0 else { return 0 }
    return UInt8(clamping: (entity.health * 100 + entity.healthMax - 1) / entity.healthMax)
  }

  /// What stays the same as long as the entity is in sight.
  private func fill(_ entity: Entity, _ block: MemoryBlock, _ mirror: borrowing Mirror) {
    let table = mirror.table
    block.store(mirror.root.address &+ 0x80, at: table.spawn_type)
    block.store(entity.id.raw, at: table.spawn_id)
    block.store(entity.kind.rawValue, at: table.spawn_kind)
    block.store(entity.race, at: table.spawn_race)
    block.store(entity.classID, at: table.spawn_class_id)
    block.store(entity.owner?.raw ?? 0, at: table.spawn_owner)
    block.store(Float(entity.height), at: table.spawn_height)
    mirror.write(entity.name, into: block.pointer + Int(table.spawn_name), size: sandbox_name_bytes)
  }

  private mutating func link(_ slot: Int, _ entity: Entity, _ mirror: borrowing Mirror) -> MemoryBlock {
    let block: MemoryBlock
    if free.isEmpty {
      block = mirror.memory.allocate(Int(mirror.table.size_spawn))
    } else {
      let pick = draw.integer(0...free.count - 1)
      free.swapAt(pick, free.count - 1)
      block = free.removeLast()
    }
    linked[slot] = Node(block: block, id: entity.id.raw, next: head, previous: -1)
    block.store(address(head), at: mirror.table.spawn_next)
    block.store(UInt64(0), at: mirror.table.spawn_previous)
    if head >= 0 {
      linked[head]?.previous = slot
      linked[head]?.block.store(block.address, at: mirror.table.spawn_previous)
    } else {
      tail = slot
    }
    head = slot
    count += 1
    return block
  }

  private mutating func unlink(_ slot: Int, _ mirror: borrowing Mirror) {
    guard let node = linked[slot] else { return }
    linked[slot] = nil
    if node.previous >= 0 {
      linked[node.previous]?.next = node.next
      linked[node.previous]?.block.store(address(node.next), at: mirror.table.spawn_next)
    } else {
      head = node.next
    }
    if node.next >= 0 {
      linked[node.next]?.previous = node.previous
      linked[node.next]?.block.store(address(node.previous), at: mirror.table.spawn_previous)
    } else {
      tail = node.previous
    }
    // As after free(): its bytes stay until somebody else gets them.
    node.block.store(UInt64(0), at: mirror.table.spawn_type)
    free.append(node.block)
    count -= 1
  }

  private func address(_ slot: Int) -> UInt64 {
    slot >= 0 ? linked[slot]?.block.address ?? 0 : 0
  }
}
