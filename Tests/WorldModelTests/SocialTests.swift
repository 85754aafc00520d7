import Core
import Learning
import Lore
import Perception
import Testing

@testable import WorldModel

/// What the beginnings of fights and quiet encounters teach about species.
@Suite struct SocialTests {
  private static let me = EntityID(1)

  private static func state(_ slot: Int, _ spawns: [Spawn]) -> GameState {
    var state = GameState(tick: Tick(slot), zone: ZoneID(1))
    state.player = Player(
      id: me, name: "Ada", position: .origin, heading: .north, speed: 0, health: 100, healthMax: 100, mana: 100,
      manaMax: 100, level: 8, classID: 1, stand: .standing, money: 0)
    state.spawns = spawns
    return state
  }

  private static func wolf(_ id: UInt32, _ x: Double, _ y: Double, target: EntityID? = nil) -> Spawn {
    Spawn(
      id: EntityID(id), name: FixedName("a_wolf0\(id)"), position: Position(x, y), level: 7, healthFraction: 1,
      target: target)
  }

  /// A fight with wolf 10 begins at (200, 0); wolf 11 stands `distance` units further and comes, or does not.
  private func fight(_ model: inout WorldModel, from slot: Int, distance: Double, comes: Bool) {
    let lore = Lore()
    for tick in 0..<8 {
      let isOn = tick >= 2
      model.update(
        Self.state(
          slot + tick,
          [
            Self.wolf(10, 200, 0, target: isOn ? Self.me : nil),
            Self.wolf(11, 200 + distance, 0, target: isOn && comes ? Self.me : nil),
          ]), lore: lore)
    }
    // Everybody calms down.
    for tick in 8..<20 {
      model.update(Self.state(slot + tick, [Self.wolf(10, 200, 0), Self.wolf(11, 200 + distance, 0)]), lore: lore)
    }
  }

  private func kin(_ model: inout WorldModel, at slot: Int, distance: Double) -> Int {
    model.update(Self.state(slot, [Self.wolf(10, 200, 0), Self.wolf(11, 200 + distance, 0)]), lore: Lore())
    return Int(model.track(EntityID(10))?.kin ?? 99)
  }

  @Test func `how near kin must stand to help is learned from who came`() {
    var model = WorldModel()
    #expect(kin(&model, at: 1, distance: 50) == 1, "whom we do not know is reckoned with from afar")
    #expect(model.track(EntityID(10))?.isHelped == false)
    fight(&model, from: 10, distance: 30, comes: true)
    #expect(model.track(EntityID(10))?.isHelped == true)
    fight(&model, from: 100, distance: 45, comes: false)
    #expect(kin(&model, at: 190, distance: 50) == 1, "one may have had its reasons")
    fight(&model, from: 200, distance: 42, comes: false)
    #expect(kin(&model, at: 290, distance: 50) == 0)
    #expect(kin(&model, at: 291, distance: 46) == 0)
    #expect(kin(&model, at: 292, distance: 31) == 1)
    // Whoever came once comes again, whatever others do.
    fight(&model, from: 300, distance: 20, comes: false)
    fight(&model, from: 400, distance: 20, comes: false)
    #expect(kin(&model, at: 490, distance: 31) == 1)
  }

  @Test func `where two did not help, one a little nearer is tried, and so on until one comes`() {
    var model = WorldModel()
    var reach = HelpReach.unknown
    for step in 0..<8 {
      // Twice one stands just outside of what is feared.
      fight(&model, from: 10 + 200 * step, distance: reach - 0.1, comes: false)
      fight(&model, from: 110 + 200 * step, distance: reach - 0.2, comes: false)
      let next = model.track(EntityID(10))?.helpReach ?? 0
      #expect(abs(next - max(HelpReach.probe * (reach - 0.1), min(reach - 0.1, HelpReach.close))) < 1e-6)
      reach = next
    }
    #expect(reach < HelpReach.close && reach > HelpReach.close - 1, "near ones are not tried")
    fight(&model, from: 2000, distance: 30, comes: true)
    #expect(model.track(EntityID(10))?.helpReach == 30 + HelpReach.margin)
  }

  @Test func `another species that comes to help is reckoned to the clan, at once when it cannot have seen us`() {
    let lore = Lore()
    func guardian(_ x: Double, target: EntityID? = nil) -> Spawn {
      Spawn(
        id: EntityID(12), name: "a_keeper01", position: Position(x, 0), level: 7, healthFraction: 1, target: target)
    }
    /// A fight with wolf 10 at `x` begins, and the keeper beside it comes along.
    func fight(_ model: inout WorldModel, from slot: Int, at x: Double) {
      for tick in 0..<20 {
        let isOn = (2..<8).contains(tick)
        let spawns = [
          Self.wolf(10, x, 0, target: isOn ? Self.me : nil), guardian(x + 20, target: isOn ? Self.me : nil),
        ]
        model.update(Self.state(slot + tick, spawns), lore: lore)
      }
    }
    func kin(_ model: WorldModel) -> Int { Int(model.track(EntityID(10))?.kin ?? 99) }
    var far = WorldModel()
    far.update(Self.state(1, [Self.wolf(10, 200, 0), guardian(220)]), lore: lore)
    #expect(kin(far) == 0)
    fight(&far, from: 10, at: 200)
    #expect(kin(far) == 1)
    var near = WorldModel()
    fight(&near, from: 10, at: 45)
    #expect(kin(near) == 0, "it may have seen us itself")
    fight(&near, from: 100, at: 45)
    #expect(kin(near) == 1)
  }

  @Test func `who passes by and does nothing is harmless, until one attacks`() throws {
    var model = WorldModel()
    let lore = Lore()
    func mayAttack() throws -> Bool { model.mayAttack(try #require(model.track(EntityID(10)))) }
    model.update(Self.state(1, [Self.wolf(10, 35, 0)]), lore: lore)
    #expect(try mayAttack())
    for slot in 2..<60 { model.update(Self.state(slot, [Self.wolf(10, 35, 0)]), lore: lore) }
    #expect(try !mayAttack())
    model.update(Self.state(60, [Self.wolf(10, 35, 0, target: Self.me)]), lore: lore)
    for slot in 61..<300 { model.update(Self.state(slot, [Self.wolf(10, 35, 0)]), lore: lore) }
    #expect(try mayAttack(), "such a species is never trusted again")
  }

  @Test func `another session begins with the manners that one learned`() {
    let lore = Lore()
    var model = WorldModel()
    fight(&model, from: 10, distance: 30, comes: true)
    fight(&model, from: 100, distance: 45, comes: false)
    fight(&model, from: 200, distance: 42, comes: false)
    for slot in 300..<360 { model.update(Self.state(slot, [Self.wolf(10, 35, 0)]), lore: lore) }
    let manners = model.manners
    #expect(manners.tempers.map(\.species) == ["a wolf"] && manners.helps.map(\.helped) == [30])
    var other = WorldModel()
    other.recall(manners)
    #expect(other.manners == manners)
    #expect(kin(&other, at: 1, distance: 50) == 0)
    #expect(kin(&other, at: 2, distance: 31) == 1)
    let answers = [manners, Manners()].map { kept in
      var model = WorldModel()
      model.recall(kept)
      model.update(Self.state(1, [Self.wolf(10, 35, 0)]), lore: lore)
      return model.track(EntityID(10)).map { model.mayAttack($0) }
    }
    let mayAttack = model.track(EntityID(10)).map { model.mayAttack($0) }
    #expect(answers == [mayAttack, true] && mayAttack != nil)
  }

  @Test func `the weak count as peaceful until one as weak attacks, and only those no weaker than it`() throws {
    var model = WorldModel()
    let lore = Lore()
    func wolf(_ level: UInt8, target: EntityID? = nil) -> Spawn {
      var wolf = Self.wolf(10, 30, 0, target: target)
      wolf.level = level
      return wolf
    }
    func mayAttack(_ slot: Int, _ level: UInt8) throws -> Bool {
      model.update(Self.state(slot, [wolf(level)]), lore: lore)
      return model.mayAttack(try #require(model.track(EntityID(10))))
    }
    #expect(try !mayAttack(1, 3))
    #expect(!model.isWatched(Position(50, 0), within: 60))
    model.update(Self.state(2, [wolf(3, target: Self.me)]), lore: lore)
    #expect(try mayAttack(3, 3))
    #expect(model.isWatched(Position(50, 0), within: 60))
    #expect(!model.isWatched(Position(95, 0), within: 60))
    #expect(try !mayAttack(4, 2), "weaker than the one that came")
  }
}
