import Core
import Perception
import Telemetry

/// How an input is coded; stands behind its number.
enum InputForm: UInt8 {
  /// As the difference from the one before.
  case difference
  /// As the difference from nothing.
  case keyframe
  /// Whole, with every value in full width (`FlatWriter`): what the writing process did not come to before it died.
  case flat
}

/// Codes tick inputs, each as its difference from the one before. Lossless: what comes back is equal bit for bit.
///
/// Allocates nothing once its arrays have grown. After `reset` the next input stands alone (a keyframe).
public struct InputEncoder: Sendable {
  private var last = GameState()
  private var isKeyframe = true
  private var sequence: UInt64 = 0

  public init() {}

  /// Makes the next input a keyframe, because the one before is not in the record.
  public mutating func reset() { isKeyframe = true }

  public mutating func encode(_ input: TickInput, into writer: inout ByteWriter) {
    writer.put(sequence)
    sequence += 1
    writer.put(isKeyframe ? InputForm.keyframe : .difference)
    if isKeyframe { last = GameState() }
    isKeyframe = false
    var flags = UInt8(input.isArmed ? 1 : 0) | (input.phase != nil ? 2 : 0) | (input.zoneReady != nil ? 4 : 0)
    if input.configuration != nil { flags |= 8 }
    if !input.peers.isEmpty { flags |= 16 }
    writer.put(flags)
    writer.put(input.hold)
    if let configuration = input.configuration { writer.put(long: configuration.text) }
    if let phase = input.phase { writer.put(phase) }
    if let zone = input.zoneReady { writer.put(UInt64(zone.raw)) }
    writer.put(motor: input.motor)
    writer.put(UInt64(input.chat.count))
    for line in input.chat { writer.put(line.description) }
    if !input.peers.isEmpty { writer.put(peers: input.peers) }
    writer.put(state: input.state, after: last)
    last = input.state
    // A difference that did not fit would leave the reader without its base.
    if writer.isFull { isKeyframe = true }
  }
}

/// Decodes what `InputEncoder` coded.
public struct InputDecoder: Sendable {
  private var last = GameState()
  private var next: UInt64?

  public init() {}

  /// The input; nil when it refers to one that is not there (a gap in the record), until the next keyframe.
  public mutating func decode(_ reader: inout ByteReader) throws(ByteFault) -> TickInput? {
    let sequence = try reader.word()
    let form = try reader.value(InputForm.self)
    let expected = next
    // Until this one is decoded whole, the next has no base.
    next = nil
    switch form {
    case .flat: return try reader.flatInput()
    case .keyframe: last = GameState()
    case .difference: guard sequence == expected else { return nil }
    }
    let flags = try reader.byte()
    let hold = try reader.value(HoldReason.self)
    let configuration = flags & 8 != 0 ? try reader.configuration() : nil
    let phase = flags & 2 != 0 ? try reader.byte() : nil
    let zone = flags & 4 != 0 ? try reader.zone() : nil
    let motor = try reader.motorReport()
    var chat: [FixedText] = []
    for _ in 0..<(try reader.count()) { chat.append(FixedText(try reader.text())) }
    let peers = flags & 16 != 0 ? try reader.peers() : []
    let state = try reader.state(after: last)
    last = state
    next = sequence &+ 1
    return TickInput(
      state: state, isArmed: flags & 1 != 0, hold: hold, configuration: configuration, phase: phase, motor: motor,
      chat: chat, zoneReady: zone, peers: peers)
  }
}

extension ByteWriter {
  /// Text of any length.
  mutating func put(long text: String) {
    let bytes = Array(text.utf8)
    put(UInt64(bytes.count))
    bytes.withUnsafeBytes { put(raw: $0) }
  }

  mutating func put(motor: MotorReport) {
    put(UInt8(motor.hasFocus ? 1 : 0) | (motor.isReady ? 2 : 0))
    put(motor.held.bits)
    put(motor.refusedCount)
    put(motor.refusal)
  }
}

extension ByteReader {
  mutating func configuration() throws(ByteFault) -> AgentConfiguration {
    let text = String(decoding: try raw(try count()), as: UTF8.self)
    do throws(DataError) {
      return try AgentConfiguration(text: text, file: "record", over: AgentConfiguration())
    } catch {
      throw .invalid
    }
  }

  mutating func motorReport() throws(ByteFault) -> MotorReport {
    let flags = try byte()
    return MotorReport(
      hasFocus: flags & 1 != 0, isReady: flags & 2 != 0, held: KeySet(bits: try word()),
      refusedCount: try integer(), refusal: try optionalCase(MotorRefusal.self))
  }
}
