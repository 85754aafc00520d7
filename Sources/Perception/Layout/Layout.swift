import Core

/// Where a program keeps what the agent wants to know: a parsed and checked layout file.
///
/// The format is described in `Data/layouts/FORMAT.md`. A layout says where the roots lie, what the structs look
/// like, and which field of which struct is which field of `GameState`. Names are resolved and offsets are flat
/// after `LayoutPlan.init(layout:)`.
public struct Layout: Sendable {
  public var name: String
  public var file: String
  public var module: ModuleMatch
  /// In file order.
  public var anchors: [Anchor]
  public var identity: Identity?
  /// Sorted by name.
  public var structs: [Structure]
  public var state: StateMap

  /// Which of the mapped files is the program.
  public struct ModuleMatch: Sendable {
    /// Glob over the paths of `/proc/PID/maps`; `*` stands for any run of characters.
    public var path: String
    /// GNU build ids that the layout was made for, lower-case hexadecimal; empty takes any.
    public var buildIDs: [String]
  }

  /// A named address to start from.
  public struct Anchor: Sendable {
    public var name: String
    /// What stands there.
    public var structure: String
    /// Tried in order; the first that resolves wins.
    public var places: [Place]

    public enum Place: Sendable, Hashable {
      case symbol(String, plus: Int)
      case module(offset: Int)
      case signature(Signature, plus: Int)
    }
  }

  /// Bytes with wildcards that stand exactly once in the module's segments of one kind.
  public struct Signature: Sendable, Hashable {
    public enum Segment: String, Sendable, CaseIterable {
      case code, data
    }

    /// Nil is any byte.
    public var bytes: [UInt8?]
    public var segment: Segment
    /// Where in the match a 32-bit displacement stands that is relative to the byte after it; nil: the match itself.
    public var relativeAt: Int?
  }

  /// Bytes that only the build that this layout was made for has at this place.
  public struct Identity: Sendable {
    public var path: FieldPath
    public var bytes: [UInt8]
  }

  public struct Structure: Sendable {
    public var name: String
    public var size: Int
    /// In file order.
    public var fields: [Field]

    public func field(_ name: String) -> Field? { fields.first { $0.name == name } }
  }

  public struct Field: Sendable {
    public var name: String
    public var offset: Int
    public var shape: FieldShape
    public var reading: Reading
    /// Unchanged for ten reads means that the program stands still.
    public var mustMove: Bool
    public var node: DataNode
  }

  public func structure(_ name: String) -> Structure? { structs.first { $0.name == name } }
}

/// How the raw number of a field becomes the value: `(raw >> shift & mask) * scale + bias`, then the checks.
public struct Reading: Sendable {
  public var mask: UInt64?
  public var shift: Int
  public var scale: Double
  public var bias: Double
  /// Plausible values, after scaling; what lies outside is unknown.
  public var range: ClosedRange<Double>?
  /// Raw values that mean "nothing there".
  public var none: [Double]
  /// Raw value to the name of a case.
  public var cases: [(raw: Int, name: String)]
  public var unit: String?

  public static let plain = Reading(
    mask: nil, shift: 0, scale: 1, bias: 0, range: nil, none: [], cases: [], unit: nil)
}

public enum ScalarType: String, CaseIterable, Sendable {
  case u8, i8, u16, i16, u32, i32, u64, i64, f32, f64

  @inlinable public var size: Int {
    switch self {
    case .u8, .i8: 1
    case .u16, .i16: 2
    case .u32, .i32, .f32: 4
    case .u64, .i64, .f64: 8
    }
  }
}

/// What a field is.
public enum FieldShape: Sendable {
  case scalar(ScalarType)
  /// A NUL-terminated text in a fixed buffer.
  case text(bytes: Int)
  case bytes(count: Int)
  /// A libstdc++ `std::string`; only its in-place form (to 15 bytes) is read.
  case shortString
  case pointer(to: String)
  case embedded(String)
  case array(Element, count: Count)
  /// Three pointers: begin, end, end of storage.
  case vector(Element, max: Int)
  /// Pointer to the first node of a list whose nodes link to one another.
  case list(of: String, next: String, previous: String?, linkOffset: Int, isCircular: Bool, max: Int)
  /// Pointer to the root of a binary tree.
  case tree(of: String, left: String, right: String, max: Int)

  public enum Element: Sendable, Hashable {
    case structure(String)
    case pointer(to: String)
    case scalar(ScalarType)
    case text(bytes: Int)
  }

  public enum Count: Sendable, Hashable {
    case fixed(Int)
    /// A number in the same struct, at most `max`.
    case field(String, max: Int)
  }

  /// Bytes that the field takes in its struct; nil when the struct it embeds must be asked.
  var size: Int? {
    switch self {
    case .scalar(let type): type.size
    case .text(let bytes), .bytes(let bytes): bytes
    case .shortString: 32
    case .pointer, .list, .tree: 8
    case .vector: 24
    case .embedded, .array: nil
    }
  }
}

/// `anchor.field.field`, with `[]` after a container whose elements are meant and `[2]` for one of them.
public struct FieldPath: Sendable {
  public struct Part: Sendable, Hashable {
    public var name: String
    public var isEach: Bool
    public var index: Int?
  }

  public var parts: [Part]
  public var node: DataNode
}

/// Which value of the target becomes which field of `GameState`.
public struct StateMap: Sendable {
  /// The sum of what stands at one or several places.
  public struct Value: Sendable {
    public var paths: [FieldPath]
    /// Replaces the fields' own cases when present.
    public var cases: [(raw: Int, name: String)]
    public var node: DataNode
  }

  /// A container and what its elements give.
  public struct Group: Sendable {
    public var path: FieldPath
    /// Read every so many ticks.
    public var every: Int
    public var values: [(field: String, value: Value)]
    public var node: DataNode
  }

  public var frame: Value?
  /// An odd frame counter says that the frame is being written.
  public var isOddFrameWriting: Bool
  public var loading: Value?
  /// Raw values that mean loading; when nil, `playingWhen` decides.
  public var loadingWhen: [Int]
  public var playingWhen: [Int]
  /// zone, target, pet, isAutoAttacking, and `player.…`.
  public var values: [(field: String, value: Value)]
  /// buffs, gems, spawns, items, loot, merchant, doors.
  public var groups: [(name: String, group: Group)]
  public var chat: Chat?

  /// A ring of lines with a count of all lines ever written.
  public struct Chat: Sendable {
    public var total: FieldPath
    public var lines: FieldPath
  }
}
