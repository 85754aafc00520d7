import Core
import Testing

@Suite struct ValuesTests {
  @Test func `headings wrap, and turns are the short way round`() {
    #expect(Heading(512).units == 0)
    #expect(Heading(-1).units == 511)
    #expect(Heading(.nan).units == 0)
    #expect(Heading(-1e-18).units == 0)
    #expect(Heading(500).turn(to: Heading(10)) == 22)
    #expect(Heading(10).turn(to: Heading(500)) == -22)
    #expect(Heading(0).turn(to: Heading(256)) == -256)
    #expect(Position(0, 0).heading(to: Position(5, 0)).units == 128)
    #expect(Position(0, 0).heading(to: Position(0, -5)).units == 256)
    #expect(abs(Position(0, 0).moved(10, along: Heading(128)).x - 10) < 1e-9)
  }

  @Test func `a heading and its direction agree all round`() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<1000 {
      let heading = Heading(generator.uniform(0...511.999))
      let direction = heading.direction
      #expect(abs(Heading(alongX: direction.x, y: direction.y).turn(to: heading)) < 1e-6)
    }
  }

  @Test func `ticks count slots and refuse odd seconds`() {
    #expect(Tick.slots(seconds: 1.01) == 11)
    #expect(Tick.slots(seconds: .nan) == 0)
    #expect(Tick.slots(seconds: -3) == 0)
    #expect(Tick.slots(seconds: .infinity) > 1_000_000)
    #expect((Tick(30) - Tick(10)) == 20)
    #expect(Tick(30).seconds(since: Tick(10)) == 2)
  }

  @Test func `names keep what is printable up to the first NUL`() {
    #expect(FixedName(sanitising: [0x61, 0x07, 0xFF, 0x62, 0, 0x63]).description == "a??b")
    #expect(FixedName(String(repeating: "x", count: 99)).description.count == 31)
    #expect(FixedName("a gnoll") == FixedName("a gnoll"))
    #expect(FixedText(String(repeating: "ab", count: 40)).description == String(repeating: "ab", count: 31))
    for second in ["", "rat", String(repeating: "x", count: 23), String(repeating: "y", count: 31)] {
      for first in ["", "/target ", String(repeating: "z", count: 31)] {
        let joined = FixedText(FixedName(first), FixedName(second))
        #expect(joined == FixedText(first + second))
        #expect(joined.count == (first + second).utf8.count)
      }
    }
    #expect(FixedText("You hit a rat.").begins(with: "You hit "))
    #expect(!FixedText("You hi").begins(with: "You hit "))
    #expect(FixedText("").begins(with: ""))
  }

  @Test func `a seeded generator repeats itself and its streams are independent`() {
    var first = SeededGenerator(seed: 5)
    var second = SeededGenerator(seed: 5)
    var other = SeededGenerator(seed: 5, stream: 1)
    let values = (0..<64).map { _ in first.next() }
    #expect(values == (0..<64).map { _ in second.next() })
    #expect(Set(values).isDisjoint(with: (0..<64).map { _ in other.next() }))
    let drawn = (0..<1000).map { _ in first.integer(3...7) }
    #expect(Set(drawn) == [3, 4, 5, 6, 7])
    // Known first word of SplitMix64 with state 0.
    var reference = SeededGenerator(seed: 0)
    reference.state = 0
    let known = reference.next()
    #expect(known == 0xE220_A839_7B1D_CDAF)
  }

  @Test func `every key action has a name that leads back to it`() {
    for action in KeyAction.allCases { #expect(KeyAction(name: action.name) == action) }
    #expect(KeyAction.gem(0) == .gem1 && KeyAction.gem(7) == .gem8)
    #expect(Array(KeySet([.gem3, .forward])) == [.forward, .gem3])
  }
}
