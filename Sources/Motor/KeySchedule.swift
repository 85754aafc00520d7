import Core

/// What the keyboard does, as a pure machine in time: commands in, key edges with exact times out.
///
/// The live motor thread and the simulated keyboard both run it, so that a hold, a tap or a timed press means the same
/// in both. Times are microseconds of any one clock. One command of a key replaces what was planned for that key.
public struct KeySchedule: Sendable {
  /// One thing to do at the keyboard.
  public struct Edge: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      case down(KeyAction)
      case up(KeyAction)
      /// A whole chat line: open, characters, submit.
      case type(FixedText)
    }

    public var microseconds: Int
    public var kind: Kind
  }

  /// How long a tapped key is down. Unit: microseconds.
  public static let tap = 40_000
  /// A held key comes up by itself this long after the last renewal. Unit: microseconds.
  public static let holdLimit = 500_000

  /// Keys that are down after all edges handed out so far.
  public private(set) var down = KeySet.none
  /// When each key comes up by itself, by raw value; `Int.max` when it is not down.
  private var ends: [Int]
  /// Edges that are due, in the order of their commands.
  private var pending: [Edge] = []

  public init() {
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
      pending.append(Edge(microseconds: now, kind: .type(text)))
    case .releaseAll:
      for key in down { release(key, now: now) }
    }
  }

  private mutating func press(_ key: KeyAction, now: Int, until end: Int) {
    ends[Int(key.rawValue)] = end
    guard !down.contains(key) else { return }
    down.insert(key)
    pending.append(Edge(microseconds: now, kind: .down(key)))
  }

  private mutating func release(_ key: KeyAction, now: Int) {
    ends[Int(key.rawValue)] = .max
    guard down.contains(key) else { return }
    down.remove(key)
    pending.append(Edge(microseconds: now, kind: .up(key)))
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
