import Core

/// What the keyboard does, as a pure machine in time: commands in, key edges with exact times out.
///
/// The live motor thread and the simulated keyboard both run it, so that a hold, a tap or a timed press means the same
/// in both. Times are microseconds of any one clock. One command of a key replaces what was planned for that key.
/// While a chat line is typed no key goes down (it would end up in the line); it goes down when the line is done.
public struct KeySchedule: Sendable {
  /// One thing to do at the keyboard.
  public struct Edge: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case down(KeyAction)
      case up(KeyAction)
      /// A whole chat line: open, characters, submit; takes `typing(_:)` from here.
      case type(FixedText)
    }

    public var microseconds: Int
    public var kind: Kind
  }

  /// How long a tapped key is down. Unit: microseconds.
  public static let tap = 40_000
  /// A held key comes up by itself this long after the last renewal. Unit: microseconds.
  public static let holdLimit = 500_000

  /// From key to key in a chat line. Unit: microseconds.
  public static let typingStep = 8_000

  /// How long a chat line takes to type. Unit: microseconds.
  public static func typing(_ text: FixedText) -> Int {
    (text.description.utf8.count + 2) * typingStep
  }

  /// Keys that are down, or planned to be.
  public private(set) var down = KeySet.none
  /// When the chat line that is being typed is done.
  private var typingEnds = Int.min
  /// When each key went or goes down, by raw value.
  private var starts: [Int]
  /// When each key comes up by itself, by raw value; `Int.max` when it is not down.
  private var ends: [Int]
  /// Edges that are due, in the order of their commands.
  private var pending: [Edge] = []

  public init() {
    starts = Array(repeating: 0, count: KeyAction.allCases.count)
    ends = Array(repeating: .max, count: KeyAction.allCases.count)
    pending.reserveCapacity(64)
  }

  /// Takes a command at time `now`.
  public mutating func accept(_ command: MotorCommand, now: Int) {
    switch command {
    case .hold(let key): press(key, now: now, until: now + Self.holdLimit)
    case .release(let key): release(key, now: now)
    case .tap(let key):
      // A key that is already down must come up first, or the client sees no new press.
      release(key, now: now)
      press(key, now: now, until: now + Self.tap)
    case .press(let key, let milliseconds):
      press(key, now: now, until: now + min(500, max(1, milliseconds)) * 1000)
    case .type(let text):
      let start = max(now, typingEnds)
      typingEnds = start + Self.typing(text)
      plan(Edge(microseconds: start, kind: .type(text)))
    case .releaseAll:
      for key in down { release(key, now: now) }
    }
  }

  private mutating func press(_ key: KeyAction, now: Int, until end: Int) {
    let index = Int(key.rawValue)
    guard !down.contains(key) else {
      ends[index] = max(end, starts[index] + 1000)
      return
    }
    starts[index] = max(now, typingEnds)
    ends[index] = starts[index] + (end - now)
    down.insert(key)
    plan(Edge(microseconds: starts[index], kind: .down(key)))
  }

  private mutating func release(_ key: KeyAction, now: Int) {
    let index = Int(key.rawValue)
    ends[index] = .max
    guard down.contains(key) else { return }
    down.remove(key)
    plan(Edge(microseconds: max(now, starts[index]), kind: .up(key)))
  }

  /// Puts an edge in its place; edges of one time keep the order of their commands.
  private mutating func plan(_ edge: Edge) {
    let place = pending.lastIndex { $0.microseconds <= edge.microseconds }.map { $0 + 1 } ?? 0
    pending.insert(edge, at: place)
  }

  /// The time of the next edge; nil when nothing is planned.
  public var next: Int? {
    let earliest = min(pending.first?.microseconds ?? .max, down.isEmpty ? .max : ends.min() ?? .max)
    return earliest == .max ? nil : earliest
  }

  /// Appends every edge due before `end` to `edges`, in the order of their times.
  public mutating func take(before end: Int, into edges: inout [Edge]) {
    let first = edges.count
    edges.append(contentsOf: pending.prefix { $0.microseconds < end })
    pending.removeFirst(edges.count - first)
    for key in down where ends[Int(key.rawValue)] < end {
      edges.append(Edge(microseconds: ends[Int(key.rawValue)], kind: .up(key)))
      ends[Int(key.rawValue)] = .max
      down.remove(key)
    }
    // Insertion sort: a handful of edges, nearly in order, and stable.
    for index in edges.indices.dropFirst(first + 1) {
      var place = index
      while place > first, edges[place - 1].microseconds > edges[place].microseconds {
        edges.swapAt(place - 1, place)
        place -= 1
      }
    }
  }
}
