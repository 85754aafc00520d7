import Core
import World

// Party: several clients and one server that all step the same world in lockstep. The server gives every step the
// inputs that have come in by then, in the order of their coming, and tells all clients; equal inputs give equal worlds.

/// What client and server tell each other. On the wire: two bytes with the length of the rest, one byte with the kind,
/// then the numbers in little-endian order. Everything read is checked; whoever sends nonsense is cut off.
enum PartyMessage: Equatable {
  /// Client: which data it has, and whom it wants to be.
  case hello(worldHash: UInt64, player: Int?)
  /// Client: what its keyboard did, and when within the step that runs.
  case input(microsecond: Int, PlayerInput.Event)
  /// Server: the world that is played.
  case welcome(PartyTerms)
  /// Server: why not.
  case refusal(FixedText)
  /// Server: all steps up to `index` are done; the last one with these inputs, those before without any.
  case step(index: Int, [PlayerInput])
  /// Server: the state's hash after a step.
  case hash(step: Int, UInt64)

  /// Bytes of the longest message.
  static let sizeMax = 60_000
  /// The same for what a client may send.
  static let clientSizeMax = 128
  /// Inputs that one player may have in one step.
  static let inputsMax = 64
  private static let magic: UInt32 = 0x4250_4D43
  private static let version: UInt16 = 1

  var bytes: [UInt8] {
    var writer = PartyWriter()
    switch self {
    case .hello(let hash, let player):
      writer.add(UInt8(1))
      writer.add(Self.magic)
      writer.add(Self.version)
      writer.add(hash)
      writer.add(UInt8(player.map { UInt8(clamping: $0) } ?? 255))
    case .input(let microsecond, let event):
      writer.add(UInt8(2))
      writer.add(event, at: microsecond)
    case .welcome(let terms):
      writer.add(UInt8(16))
      writer.add(terms.seed)
      writer.add(UInt8(clamping: terms.player))
      writer.add(UInt8(clamping: terms.players))
      writer.add(UInt8(clamping: terms.setup.level))
      writer.add(terms.setup.kit ?? "")
      writer.add(terms.setup.zone ?? "")
      writer.add(terms.speed.bitPattern)
    case .refusal(let text):
      writer.add(UInt8(17))
      writer.add(text.description)
    case .step(let index, let inputs):
      writer.add(UInt8(18))
      writer.add(UInt32(clamping: index))
      writer.add(UInt16(clamping: inputs.count))
      for input in inputs {
        writer.add(UInt8(clamping: input.player))
        writer.add(input.event, at: input.microsecond)
      }
    case .hash(let step, let hash):
      writer.add(UInt8(19))
      writer.add(UInt32(clamping: step))
      writer.add(hash)
    }
    return writer.framed
  }

  /// - Parameter body: What follows the length.
  /// - Returns: nil when it is none of the messages, in length or content.
  init?(body: ArraySlice<UInt8>) {
    var reader = PartyReader(bytes: body)
    guard let kind = reader.integer(UInt8.self), let message = Self.read(kind, &reader), reader.bytes.isEmpty else {
      return nil
    }
    self = message
  }

  private static func read(_ kind: UInt8, _ reader: inout PartyReader) -> PartyMessage? {
    switch kind {
    case 1:
      guard reader.integer(UInt32.self) == magic, reader.integer(UInt16.self) == version,
        let hash = reader.integer(UInt64.self), let player = reader.integer(UInt8.self)
      else { return nil }
      return .hello(worldHash: hash, player: player == 255 ? nil : Int(player))
    case 2: return reader.event().map { .input(microsecond: $0.microsecond, $0.event) }
    case 16:
      guard let seed = reader.integer(UInt64.self), let player = reader.integer(UInt8.self),
        let players = reader.integer(UInt8.self), (1...64).contains(players), player < players,
        let level = reader.integer(UInt8.self), let kit = reader.text(), let zone = reader.text(),
        let speed = reader.integer(UInt64.self).map({ Double(bitPattern: $0) }), speed > 0, speed <= 50
      else { return nil }
      let setup = PlayerSetup(
        kit: kit.isEmpty ? nil : kit, level: Int(level), zone: zone.isEmpty ? nil : zone)
      return .welcome(
        PartyTerms(seed: seed, player: Int(player), players: Int(players), setup: setup, speed: speed))
    case 17: return reader.text().map { .refusal(FixedText($0)) }
    case 18:
      guard let index = reader.integer(UInt32.self), let count = reader.integer(UInt16.self) else { return nil }
      var inputs: [PlayerInput] = []
      for _ in 0..<count {
        guard let player = reader.integer(UInt8.self), player < 64, let (time, event) = reader.event() else {
          return nil
        }
        inputs.append(PlayerInput(player: Int(player), microsecond: time, event))
      }
      return .step(index: Int(index), inputs)
    case 19:
      guard let step = reader.integer(UInt32.self), let hash = reader.integer(UInt64.self) else { return nil }
      return .hash(step: Int(step), hash)
    default: return nil
    }
  }
}

/// The world that a server lets its clients play in.
struct PartyTerms: Hashable {
  var seed: UInt64
  /// Whom the client is. Range: `0..<players`.
  var player: Int
  var players: Int
  /// How the first player began; the others stand around.
  var setup: PlayerSetup
  /// World seconds per second.
  var speed: Double
}

/// Numbers and short texts in little-endian order.
private struct PartyWriter {
  private var body: [UInt8] = []

  mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { body.append(contentsOf: $0) }
  }

  mutating func add(_ text: String) {
    let bytes = text.utf8.prefix(FixedText.capacityBytes)
    add(UInt8(bytes.count))
    body.append(contentsOf: bytes)
  }

  mutating func add(_ event: PlayerInput.Event, at microsecond: Int) {
    add(UInt16(clamping: microsecond))
    switch event {
    case .key(let key, let isDown):
      add(UInt8(isDown ? 1 : 0))
      add(key.rawValue)
    case .text(let text):
      add(UInt8(2))
      add(text.description)
    }
  }

  var framed: [UInt8] {
    let count = UInt16(clamping: body.count)
    return [UInt8(count & 0xFF), UInt8(count >> 8)] + body
  }
}

private struct PartyReader {
  var bytes: ArraySlice<UInt8>

  mutating func integer<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.count >= size else { return nil }
    var number: Number = 0
    for byte in bytes.prefix(size).reversed() { number = number << 8 | Number(truncatingIfNeeded: byte) }
    bytes = bytes.dropFirst(size)
    return number
  }

  mutating func text() -> String? {
    guard let count = integer(UInt8.self), count <= FixedText.capacityBytes, bytes.count >= count else { return nil }
    let text = bytes.prefix(Int(count))
    guard text.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
    bytes = bytes.dropFirst(Int(count))
    return String(decoding: text, as: UTF8.self)
  }

  mutating func event() -> (microsecond: Int, event: PlayerInput.Event)? {
    guard let microsecond = integer(UInt16.self), microsecond < World.stepMicroseconds, let kind = integer(UInt8.self)
    else { return nil }
    switch kind {
    case 0, 1:
      guard let key = integer(UInt8.self).flatMap(ClientKey.init(rawValue:)) else { return nil }
      return (Int(microsecond), .key(key, isDown: kind == 1))
    case 2: return text().map { (Int(microsecond), .text(FixedText($0))) }
    default: return nil
    }
  }
}
