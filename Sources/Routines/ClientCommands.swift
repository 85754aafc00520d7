import Core
import Lore

// The lines that the client understands in its chat; everything typed is here.

enum ClientCommands {
  /// Makes whoever bears the name the target.
  static func target(_ name: FixedName) -> FixedText { FixedText("/target ", name) }

  /// Puts a spell into gem `gem` (from 0); takes sitting and time.
  static func memorise(_ spell: Spell, gem: Int) -> FixedText {
    FixedText(FixedName("/mem \(gem + 1) "), spell.name)
  }

  /// Takes all that lies in the corpse whose window is open.
  static let lootAll: FixedText = "/loot all"

  /// Sells all that can be sold to the merchant whose window is open.
  static let sellAll: FixedText = "/sell all"

  /// Sells what lies in bag slot `slot`, from 0.
  static func sell(slot: Int) -> FixedText { FixedText("/sell \(slot + 1)") }

  /// Destroys what lies in bag slot `slot`, from 0.
  static func destroy(slot: Int) -> FixedText { FixedText("/destroy \(slot + 1)") }

  /// Puts what lies in bag slot `slot`, from 0, into the bank of the banker before us.
  static func deposit(slot: Int) -> FixedText { FixedText("/deposit \(slot + 1)") }

  /// Buys `count` of ware `number` (from 1) of the open merchant window.
  static func buy(_ number: Int, count: Int) -> FixedText { FixedText("/buy \(number) \(count)") }

  /// The chat line that tells of a resisted spell; nil where the line is another one. Chat is a second source: where
  /// there is none, a resisted spell is cast again only when it would have run out.
  static func isResist(_ line: FixedText, of spell: FixedName) -> Bool {
    line.contains(resisted) && line.contains(spell)
  }

  private static let resisted: FixedName = "resisted"

  /// Eats or drinks one of what lies in bag slot `slot`, from 0.
  static func consume(slot: Int) -> FixedText { FixedText("/use \(slot + 1)") }

  /// Asks to be brought back to the bind point.
  static let release: FixedText = "/release"
}
