import Core

/// A layout with every name resolved: blocks to read, sequences to walk, numbers to take out of them.
///
/// Blocks are structs that are reached from an anchor through pointers; sequences are the elements of containers.
/// Both are in an order in which what a later one needs stands before it.
public struct LayoutPlan: Sendable {
  /// Where a block's address comes from.
  enum Parent: Hashable, Sendable {
    case anchor(Int)
    case pointer(block: Int, offset: Int)
  }

  struct Block: Sendable {
    var parent: Parent
    /// Bytes to read from its start.
    var size: Int
    /// Read every so many ticks.
    var every: Int
    /// For faults: the path that leads here.
    var name: String
  }

  enum Owner: Hashable, Sendable {
    case block(Int)
    case sequence(Int)
  }

  enum Kind: Hashable, Sendable {
    /// Elements lie in the owner itself.
    case inlineArray
    /// The owner holds pointers to the elements.
    case pointerArray
    /// One allocation of elements between a begin and an end pointer.
    case vector
    /// One allocation of pointers to elements.
    case vectorOfPointers
    case list
    case tree
    /// For each element of the owner the struct that a pointer in it leads to; runs parallel to the owner.
    case follow
  }

  struct Sequence: Sendable {
    var owner: Owner
    var offset: Int
    var kind: Kind
    /// Bytes from one inline element or pointer to the next.
    var stride: Int
    /// Bytes to read of an element.
    var size: Int
    var max: Int
    var count: Int
    /// The number of elements, as the owner states it; within the owner.
    var countField: Number?
    /// Offsets of the links in a node; `second` is previous or right, -1 when there is none.
    var first: Int
    var second: Int
    var linkOffset: Int
    var isCircular: Bool
    var every: Int
    var name: String
  }

  /// How to take a number out of memory; plain bytes.
  struct Number: Sendable {
    /// Block index, or the sequence whose element it lies in.
    var base: Int32 = 0
    var isInSequence = false
    var type = ScalarType.u8
    var shift: UInt8 = 0
    var hasMask = false
    var noneCount: UInt8 = 0
    var offset: Int32 = 0
    /// Row of `caseTable`, or -1.
    var cases: Int32 = -1
    var mask: UInt64 = .max
    var scale = 1.0
    var bias = 0.0
    var low = -Double.greatestFiniteMagnitude
    var high = Double.greatestFiniteMagnitude
    var none: (Double, Double, Double, Double) = (0, 0, 0, 0)
    /// Place in `fieldNames`, for counting faults.
    var field: Int32 = 0
  }

  /// A text in a fixed buffer.
  struct Text: Sendable {
    var base: Int32
    var isInSequence: Bool
    var offset: Int32
    var bytes: Int32
    /// A `std::string` object.
    var isString: Bool
  }

  public private(set) var layout: Layout
  var blocks: [Block] = []
  var sequences: [Sequence] = []
  /// 256 case ordinals a row; 255 is unknown.
  var caseTable: [UInt8] = []
  /// Names of mapped fields.
  var fieldNames: [String] = []
  /// Bytes of the identity: block, offset.
  var identity: (block: Int, offset: Int, bytes: [UInt8])?
  var frame: Number?
  var loading: Number?
  var moving: [Number] = []
  var map = StatePlan()

  /// - Throws: `DataErrors` when a path names what is not there, with the place in the file.
  public init(layout: Layout) throws(DataErrors) {
    self.layout = layout
    var faults: [DataError] = []
    var compiler = LayoutCompiler(plan: self)
    do {
      try compiler.compile(&faults)
    } catch {
      faults.append(error)
    }
    guard faults.isEmpty else { throw DataErrors(faults) }
    self = compiler.plan
  }
}

/// Where each field of `GameState` comes from.
struct StatePlan: Sendable {
  typealias Number = LayoutPlan.Number
  /// A sum; nearly always of one number.
  typealias Sum = [Number]

  var zone: Sum = []
  var target: Sum = []
  var pet: Sum = []
  var isAutoAttacking: Sum = []
  var slotsFree: Sum = []
  var slotsTotal: Sum = []
  var playerName: LayoutPlan.Text?
  var id: Sum = []
  var x: Sum = []
  var y: Sum = []
  var z: Sum = []
  var heading: Sum = []
  var speed: Sum = []
  var health: Sum = []
  var healthMax: Sum = []
  var mana: Sum = []
  var manaMax: Sum = []
  var level: Sum = []
  var classID: Sum = []
  var stand: Sum = []
  var castingSpell: Sum = []
  var castingRemaining: Sum = []
  var money: Sum = []
  var weight: Sum = []
  var weightMax: Sum = []
  var experience: Sum = []
  var isInCombat: Sum = []
  var spawns: SpawnPlan?
  var buffs: PairPlan?
  var gems: PairPlan?
  var items: StackPlan?
  var loot: StackPlan?
  var merchant: StackPlan?
  var doors: DoorPlan?
  var chatTotal: Number?
  var chatLines: (sequence: Int, bytes: Int)?

  struct SpawnPlan: Sendable {
    var sequence = 0
    var id = Number()
    var x = Number()
    var y = Number()
    var z = Number()
    var name: LayoutPlan.Text?
    var kind: Number?
    var velocityX: Number?
    var velocityY: Number?
    var velocityZ: Number?
    var heading: Number?
    var level: Number?
    var race: Number?
    var classID: Number?
    var body: Number?
    var health: Number?
    var healthMax: Number?
    var healthFraction: Number?
    var owner: Number?
    var target: Number?
  }

  /// A spell and its seconds.
  struct PairPlan: Sendable {
    var sequence = 0
    var every = 1
    var spell = Number()
    var seconds: Number?
  }

  struct StackPlan: Sendable {
    var sequence = 0
    var every = 1
    var item = Number()
    var count: Number?
    var slot: Number?
    var open: Number?
    var whose: Number?
  }

  struct DoorPlan: Sendable {
    var sequence = 0
    var every = 1
    var id = Number()
    var x = Number()
    var y = Number()
    var z: Number?
    var isOpen: Number?
  }
}
