import Nav
import Perception

/// Presses nothing. What it gains, the world gives away for nothing.
struct IdlePlayer: ReferenceRules {
  mutating func act(_ state: GameState, navigator: Navigator?, hands: inout ReferenceHands) {}
}
