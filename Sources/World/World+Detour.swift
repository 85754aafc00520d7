import Core

// How NPCs and pets get around what stands in their way, without a map.
extension World {
  /// How far off its way it looks for an opening. Unit: 512ths.
  private static let feelers = [45.0, 90.0, 135.0]
  /// So long it keeps to the opening before it tries straight on again, and to one side at most. Unit: steps.
  private static let detourStride = 12
  private static let detourLongest = 240

  /// A stretch (dx, dy) of the way to the goal: straight on where that is open, else along the obstacle, always on the
  /// same side of it; when that leads nowhere, on the other. At most four tries a call.
  mutating func goAround(_ slot: Int, _ dx: Double, _ dy: Double) {
    if minds[slot].detour == 0 || stepIndex >= minds[slot].detourUntil {
      if walk(slot, dx, dy) {
        minds[slot].detour = 0
        return
      }
      if minds[slot].detour == 0 { minds[slot].detour = (stepIndex / Self.detourLongest + slot) & 1 == 0 ? 1 : -1 }
    }
    let side = Double(minds[slot].detour)
    for feeler in Self.feelers {
      let (sine, cosine) = sineAndCosine(feeler * side * .pi / 256)
      if walk(slot, dx * cosine - dy * sine, dx * sine + dy * cosine) {
        minds[slot].detourUntil = stepIndex + Self.detourStride
        if stepIndex % Self.detourLongest < Self.detourStride { minds[slot].detour = 0 }
        return
      }
    }
    minds[slot].detour = -minds[slot].detour
    minds[slot].detourUntil = stepIndex + Self.detourStride
  }
}
