import Core
import Glibc

// The spawn list, which is most of what there is to decode.
extension StateDecoder {
  /// Where the numbers of one element lie.
  private struct Element {
    var start: UnsafeRawPointer
    /// Of the mapped numbers, by role.
    var numbers: UnsafePointer<LayoutPlan.Number>
    var isMapped: UnsafePointer<Bool>
    var sequence: Int
    var blocks: BlockReader
    var index = 0
    /// The element itself, behind `start`.
    var place = 0

    /// Where a number lies: in the element itself, or in what it points to. Nil where there is none.
    @inline(__always) func find(_ role: SpawnMemo.Role) -> UnsafeRawPointer? {
      guard isMapped[role.rawValue] else { return nil }
      let number = numbers + role.rawValue
      if number.pointee.isInSequence, Int(number.pointee.base) == sequence {
        return start + place + Int(number.pointee.offset)
      }
      let base =
        number.pointee.isInSequence
        ? Int(blocks.elements[Int(number.pointee.base)][index]) : blocks.blockBase[Int(number.pointee.base)]
      return base < 0 ? nil : start + base + Int(number.pointee.offset)
    }
  }

  mutating func decodeSpawns(
    _ plan: StatePlan.SpawnPlan, _ blocks: BlockReader, player: EntityID?, into spawns: inout [Spawn]
  ) {
    guard let start = blocks.bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
    let elements = blocks.elements[plan.sequence]
    // Out of the decoder meanwhile: a second reference would make every change a copy.
    var memo = SpawnMemo(nil)
    swap(&memo, &spawnMemo)
    defer { swap(&memo, &spawnMemo) }
    let (numbers, isMapped) = (memo.numbers, memo.isMapped)
    let isSame = memo.isSame(elements, start)
    if !isSame { memo.begin(count: elements.count) }
    numbers.withUnsafeBufferPointer { numbers in
      isMapped.withUnsafeBufferPointer { isMapped in
        guard let numbers = numbers.baseAddress, let isMapped = isMapped.baseAddress else { return }
        var element = Element(
          start: start, numbers: numbers, isMapped: isMapped, sequence: plan.sequence, blocks: blocks)
        for index in elements.indices {
          guard elements[index] >= 0 else {
            memo.isWhole = false
            continue
          }
          let bytes = start + Int(elements[index])
          if isSame, memo.isKnown(index, bytes) {
            if player != memo.entries[index].spawn.id { spawns.append(memo.entries[index].spawn) }
            continue
          }
          element.index = index
          element.place = Int(elements[index])
          let faultsBefore = faultCount
          let spawn = decode(element, plan, player: player, isNew: !isSame, &memo)
          memo.note(index, bytes, faultCount == faultsBefore ? spawn : nil)
          if let spawn { spawns.append(spawn) }
        }
      }
    }
  }

  /// Nil for the player itself, for who was seen already, and when what must be known is not.
  private mutating func decode(
    _ element: Element, _ plan: StatePlan.SpawnPlan, player: EntityID?, isNew: Bool, _ memo: inout SpawnMemo
  ) -> Spawn? {
    guard let id = number(.id, element).flatMap({ UInt32(exactly: $0) }) else {
      isPartial = true
      memo.isWhole = false
      return nil
    }
    guard let x = number(.x, element), let y = number(.y, element), let z = number(.z, element) else {
      isPartial = true
      return nil
    }
    if isNew, !memo.insert(id) {
      isPartial = true
      memo.isWhole = false
      return nil
    }
    if player?.raw == id { return nil }
    var spawn = Spawn(id: EntityID(id), position: Position(x, y, z), level: 0, healthFraction: nil)
    if let place = element.find(.kind) {
      guard let kind = caseOrdinal(element.numbers + SpawnMemo.Role.kind.rawValue, place),
        let known = SpawnKind(rawValue: kind)
      else {
        isPartial = true
        return nil
      }
      spawn.kind = known
    }
    if let place = element.find(.body),
      let body = caseOrdinal(element.numbers + SpawnMemo.Role.body.rawValue, place)
    {
      spawn.body = BodyState(rawValue: body) ?? .standing
    }
    if let text = plan.name {
      spawn.name = memo.names[element.index].name(text, at: element.start + element.place)
    }
    if let vx = number(.velocityX, element), let vy = number(.velocityY, element) {
      spawn.velocity = Position(vx, vy, number(.velocityZ, element) ?? 0)
    }
    if let heading = number(.heading, element) { spawn.heading = Heading(heading) }
    if let level = number(.level, element) { spawn.level = UInt8(exactly: level.rounded()) ?? 0 }
    if let race = number(.race, element) { spawn.race = UInt16(exactly: race) ?? 0 }
    if let classID = number(.classID, element) { spawn.classID = UInt8(exactly: classID) ?? 0 }
    if let fraction = number(.healthFraction, element) {
      spawn.healthFraction = min(1, max(0, fraction))
    } else if let health = number(.health, element), let most = number(.healthMax, element), most > 0 {
      spawn.healthFraction = min(1, max(0, health / most))
    }
    spawn.owner = number(.owner, element).flatMap { UInt32(exactly: $0) }.map { EntityID($0) }
    spawn.target = number(.target, element).flatMap { UInt32(exactly: $0) }.map { EntityID($0) }
    return spawn
  }

  @inline(__always)
  private mutating func number(_ role: SpawnMemo.Role, _ element: Element) -> Double? {
    guard let place = element.find(role) else { return nil }
    return value(element.numbers + role.rawValue, place)
  }

  /// Units per second from the step since the state before; what jumped is left at zero.
  func addVelocity(_ spawns: inout [Spawn], before: GameState, tick: Tick) {
    let seconds = tick.seconds(since: before.tick)
    guard seconds > 0, seconds <= 1 else { return }
    for index in spawns.indices {
      let near = max(0, index - 16)..<max(0, min(before.spawns.count, index + 17))
      guard
        let old = near.clamped(to: 0..<before.spawns.count).first(where: { before.spawns[$0].id == spawns[index].id })
      else { continue }
      let step = spawns[index].position - before.spawns[old].position
      let velocity = Position(step.x / seconds, step.y / seconds, step.z / seconds)
      if abs(velocity.x) + abs(velocity.y) < 400 { spawns[index].velocity = velocity }
    }
  }
}
