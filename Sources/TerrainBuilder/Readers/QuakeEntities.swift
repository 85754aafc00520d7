/// The text that says what happens in a Quake map: blocks of quoted keys and values.
struct QuakeEntity: Sendable {
  private var values: [String: String] = [:]

  subscript(key: String) -> String? { values[key] }

  func number(_ key: String) -> Double? {
    values[key].flatMap { Double($0) }.flatMap { abs($0) < 1e6 ? $0 : nil }
  }

  func point(_ key: String) -> SIMD3<Double>? {
    guard let words = values[key]?.split(separator: " "), words.count == 3 else { return nil }
    let numbers = words.compactMap { Double($0) }
    guard numbers.count == 3, numbers.allSatisfy({ abs($0) < 1e6 }) else { return nil }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }

  /// All blocks of a lump, which ends with its bytes or at the first that is 0.
  static func read(_ bytes: ArraySlice<UInt8>, file: String) throws(AssetError) -> [QuakeEntity] {
    var entities: [QuakeEntity] = []
    var open: QuakeEntity?
    var key: String?
    var at = bytes.startIndex
    func error(_ cause: String) -> AssetError {
      AssetError(file: file, offset: at - bytes.startIndex, cause: cause)
    }
    while at < bytes.endIndex, bytes[at] != 0 {
      switch bytes[at] {
      case 0x09, 0x0A, 0x0D, 0x20: break
      case UInt8(ascii: "{"):
        guard open == nil else { throw error("an entity begins inside another") }
        open = QuakeEntity()
      case UInt8(ascii: "}"):
        guard let whole = open, key == nil else { throw error("an entity ends where none may") }
        entities.append(whole)
        open = nil
      case UInt8(ascii: "\""):
        guard let end = bytes[(at + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
          throw error("a text has no end")
        }
        guard open != nil else { throw error("a text stands outside of all entities") }
        let text = String(decoding: bytes[at + 1..<end], as: UTF8.self)
        if let name = key { open?.values[name] = text }
        key = key == nil ? text : nil
        at = end
      default: throw error("byte \(bytes[at]) begins nothing")
      }
      at += 1
    }
    guard open == nil else { throw error("the last entity has no end") }
    return entities
  }
}
