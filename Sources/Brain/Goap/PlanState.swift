/// What a plan reckons with: one bit per atom, so that states compare and hash exactly.
///
/// Levels are thermometers: `healthFull` implies `healthReady` implies `healthSafe`.
public struct PlanState: Hashable, Sendable {
  public var bits: UInt64

  @inlinable public init(bits: UInt64 = 0) { self.bits = bits }

  @inlinable public subscript(atom: PlanAtom) -> Bool {
    get { bits >> UInt64(atom.rawValue) & 1 == 1 }
    set {
      if newValue { bits |= atom.bit } else { bits &= ~atom.bit }
    }
  }
}

/// A fact that plans are made of.
public enum PlanAtom: UInt8, CaseIterable, Sendable {
  case healthSafe, healthReady, healthFull
  case manaReady, manaFull
  case petAlive, buffed, memorised
  case quiet, engaged
  case candidateKnown, targetTaken
  case corpseNear, bagsFree, stocked
  case inCampZone, atCamp, inMarketZone
  case corpseRecovered
  /// Something was defeated by this plan; never observed, only planned for.
  case experienced

  public var name: String { String(describing: self) }
  @inlinable public var bit: UInt64 { 1 << UInt64(rawValue) }
}

/// Atoms that must have, or will have, given values; the others do not matter.
public struct PlanCondition: Hashable, Sendable {
  public var mask: UInt64
  public var value: UInt64

  @inlinable public init(mask: UInt64, value: UInt64) {
    self.mask = mask
    self.value = value & mask
  }

  /// `yes` must hold, `no` must not.
  public init(_ yes: [PlanAtom] = [], not no: [PlanAtom] = []) {
    value = yes.reduce(0) { $0 | $1.bit }
    mask = no.reduce(value) { $0 | $1.bit }
  }

  @inlinable public func holds(in state: PlanState) -> Bool { (state.bits ^ value) & mask == 0 }

  /// The state after these values were set.
  @inlinable public func applied(to state: PlanState) -> PlanState {
    PlanState(bits: state.bits & ~mask | value)
  }

  /// The atoms of the condition with the values asked for, in the order of the atoms.
  public var literals: [(atom: PlanAtom, value: Bool)] {
    PlanAtom.allCases.filter { mask & $0.bit != 0 }.map { ($0, value & $0.bit != 0) }
  }

  public var text: String {
    literals.map { $0.value ? $0.atom.name : "not \($0.atom.name)" }.joined(separator: ", ")
  }
}
