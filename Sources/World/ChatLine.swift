import Core

/// A line that the client tells one player.
public struct ChatLine: Hashable, Sendable {
  public var player: Int
  public var message: ChatMessage

  public init(player: Int, _ message: ChatMessage) {
    self.player = player
    self.message = message
  }

  public var text: String { message.text }
}

/// All that the client ever says. Text is made only when somebody asks for it, so that saying costs nothing.
public enum ChatMessage: Hashable, Sendable {
  case youHit(FixedName, damage: Int)
  case youMiss(FixedName)
  case hitsYou(FixedName, damage: Int)
  case missesYou(FixedName)
  case petHits(FixedName, damage: Int)
  case spellHits(FixedName, damage: Int)
  case dotHits(FixedName, damage: Int)
  case spellHitsYou(FixedName, damage: Int)
  case youHeal(FixedName, amount: Int)
  case beginCasting(FixedName)
  case fizzle
  case interrupted
  case resisted(FixedName)
  case landed(spell: FixedName, on: FixedName)
  case worn(spell: FixedName)
  case notReady(FixedName)
  case noMana
  case noTarget
  case invalidTarget
  case outOfRange
  case cannotSee
  case emptyGem
  case missingReagent(FixedName)
  case mustStand
  case mustSit
  case stunned
  case alreadyCasting
  case memorised(FixedName, gem: Int)
  case cannotMemorise
  case youSlew(FixedName)
  case slain(FixedName)
  case youDied(FixedName)
  case petDied
  case petSays(PetAnswer)
  case noPet
  case experience
  case levelUp(Int)
  case experienceLost
  case considers(FixedName, level: Int, Con)
  case target(FixedName)
  case looted(FixedName, count: Int)
  case coins(Int)
  case bagsFull
  case tooFar
  case nothingThere
  case notYourCorpse
  case sold(FixedName, count: Int, copper: Int)
  case bought(FixedName, count: Int, copper: Int)
  case cannotAfford
  case noMerchant
  case noDrop(FixedName)
  case entering(FixedName)
  case feigned
  case feignFailed
  case feelsSick(Int)
  case encumbered
  case lava(Int)
  case fell(Int)
  case unknownCommand
  case hails(FixedName)
  case greets(FixedName)
  case says(FixedName, FixedText)
  case refused(FixedName)
  case deposited(Int)
  case withdrawn(Int)
  case doorOpens
  case doorCloses
  case cannotGate
  case helps(FixedName)
  case flees(FixedName)
  case autoAttack(Bool)
  case dazed(FixedName)
  case consumed(FixedName)
  case wears(FixedName)
  case takesOff(FixedName)
  case cannotUse(FixedName)

  public var text: String {
    switch self {
    case .youHit(let name, let damage): "You hit \(name) for \(damage) points of damage."
    case .youMiss(let name): "You try to hit \(name), but miss!"
    case .hitsYou(let name, let damage): "\(name) hits YOU for \(damage) points of damage."
    case .missesYou(let name): "\(name) tries to hit YOU, but misses!"
    case .petHits(let name, let damage): "Your pet hits \(name) for \(damage) points of damage."
    case .spellHits(let name, let damage): "\(name) was hit by your spell for \(damage) points of damage."
    case .dotHits(let name, let damage): "\(name) suffers \(damage) points of damage from your spell."
    case .spellHitsYou(let name, let damage): "\(name)'s spell hits YOU for \(damage) points of damage."
    case .youHeal(let name, let amount): "\(name) is healed for \(amount) points."
    case .beginCasting(let spell): "You begin casting \(spell)."
    case .fizzle: "Your spell fizzles!"
    case .interrupted: "Your spell is interrupted."
    case .resisted(let spell): "Your target resisted the \(spell) spell."
    case .landed(let spell, let name): "\(spell) takes hold of \(name)."
    case .worn(let spell): "Your \(spell) spell has worn off."
    case .notReady(let spell): "\(spell) is not ready yet."
    case .noMana: "Insufficient mana to cast this spell!"
    case .noTarget: "You must first select a target for this spell!"
    case .invalidTarget: "You cannot do that to this target."
    case .outOfRange: "Your target is out of range, get closer!"
    case .cannotSee: "You cannot see your target."
    case .emptyGem: "There is no spell in that gem."
    case .missingReagent(let item): "You are missing a component: \(item)."
    case .mustStand: "You must be standing to do that."
    case .mustSit: "You must be sitting to do that."
    case .stunned: "You are stunned!"
    case .alreadyCasting: "You are already casting a spell."
    case .memorised(let spell, let gem): "You have memorised \(spell) in gem \(gem)."
    case .cannotMemorise: "You cannot memorise that."
    case .youSlew(let name): "You have slain \(name)!"
    case .slain(let name): "\(name) has been slain!"
    case .youDied(let name): "You have been slain by \(name)!"
    case .petDied: "Your pet has been slain!"
    case .petSays(let answer): "Your pet says '\(answer.text)'"
    case .noPet: "You do not have a pet."
    case .experience: "You gain experience!"
    case .levelUp(let level): "You have gained a level! Welcome to level \(level)!"
    case .experienceLost: "You have lost experience."
    case .considers(let name, let level, let con): "\(name) (level \(level)) \(con.text)"
    case .target(let name): "Target: \(name)"
    case .looted(let item, let count): "You have looted \(count) x \(item)."
    case .coins(let copper): "You receive \(copper) copper from the corpse."
    case .bagsFull: "Your bags are full."
    case .tooFar: "You are too far away."
    case .nothingThere: "There is nothing there."
    case .notYourCorpse: "You may not loot this corpse."
    case .sold(let item, let count, let copper): "You sold \(count) x \(item) for \(copper) copper."
    case .bought(let item, let count, let copper): "You bought \(count) x \(item) for \(copper) copper."
    case .cannotAfford: "You cannot afford that."
    case .noMerchant: "There is no merchant window open."
    case .noDrop(let item): "\(item) cannot be given away."
    case .entering(let zone): "You have entered \(zone)."
    case .feigned: "You have fallen to the ground."
    case .feignFailed: "You fail to feign your death."
    case .feelsSick(let damage): "You suffer \(damage) points of damage."
    case .encumbered: "You are encumbered!"
    case .lava(let damage): "You are burned for \(damage) points of damage!"
    case .fell(let damage): "You fall for \(damage) points of damage!"
    case .unknownCommand: "That is not a command."
    case .hails(let name): "You say, 'Hail, \(name)'"
    case .greets(let name): "\(name) says, 'Greetings, traveller.'"
    case .says(let name, let text): "\(name) says, '\(text)'"
    case .refused(let name): "\(name) says, 'I will not deal with the likes of you.'"
    case .deposited(let count): "You deposit \(count) stacks."
    case .withdrawn(let count): "You withdraw \(count) stacks."
    case .doorOpens: "The door opens."
    case .doorCloses: "The door closes."
    case .cannotGate: "You cannot do that now."
    case .helps(let name): "\(name) comes to help!"
    case .flees(let name): "\(name) turns to flee!"
    case .autoAttack(let on): "Auto attack is \(on ? "on" : "off")."
    case .dazed(let name): "\(name) is stunned!"
    case .consumed(let item): "You consume \(item)."
    case .wears(let item): "You put on \(item)."
    case .takesOff(let item): "You take off \(item)."
    case .cannotUse(let item): "\(item) is of no use like that."
    }
  }
}

/// What a pet says to a command.
public enum PetAnswer: UInt8, Hashable, Sendable {
  case attacking, following, guarding, backing, noTarget

  public var text: String {
    switch self {
    case .attacking: "Attacking, master."
    case .following: "Following you, master."
    case .guarding: "Guarding with my life."
    case .backing: "Sorry, master... calming down."
    case .noTarget: "I see nothing to attack, master."
    }
  }
}

/// How hard somebody would be, by levels.
public enum Con: UInt8, CaseIterable, Hashable, Sendable, Codable {
  case gray, green, lightBlue, blue, white, yellow, red

  public var name: String { String(describing: self) }

  public var text: String {
    switch self {
    case .gray: "looks like no challenge at all."
    case .green: "looks like a reasonably safe opponent."
    case .lightBlue: "looks like you would have the upper hand."
    case .blue: "looks like you would probably win."
    case .white: "looks like quite an even match."
    case .yellow: "looks like quite a gamble."
    case .red: "would wipe the floor with you."
    }
  }

  /// Of an opponent of `level`, for somebody of level `own`.
  public init(level: Int, own: Int) {
    let difference = level - own
    self =
      switch difference {
      case 3...: .red
      case 1...2: .yellow
      case 0: .white
      case -max(2, own / 8)...(-1): .blue
      case -max(3, own / 4)...(-1): .lightBlue
      case -max(4, own / 3)...(-1): .green
      default: .gray
      }
  }
}
