import Core
import Lore

// The lines that the client understands in its chat; everything typed is here.

enum ClientCommands {
  /// Makes whoever bears the name the target.
  static func target(_ name: FixedName) -> FixedText { FixedText("/target \(name)") }

  /// Puts a spell into gem `gem` (from 0); takes sitting and time.
  static func memorise(_ spell: Spell, gem: Int) -> FixedText { FixedText("/mem \(gem + 1) \(spell.name)") }

  /// Takes all that lies in the corpse whose window is open.
  static let lootAll: FixedText = "/loot all"

  /// Sells all that can be sold to the merchant whose window is open.
  static let sellAll: FixedText = "/sell all"

  /// Buys `count` of ware `number` (from 1) of the open merchant window.
  static func buy(_ number: Int, count: Int) -> FixedText { FixedText("/buy \(number) \(count)") }

  /// Asks to be brought back to the bind point.
  static let release: FixedText = "/release"
}
