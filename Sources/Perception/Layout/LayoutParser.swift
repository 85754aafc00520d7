import Core

extension Layout {
  /// Reads a layout file.
  /// - Throws: `DataErrors`, each fault with its line and column.
  public static func parse(_ bytes: some Collection<UInt8>, file: String) throws(DataErrors) -> Layout {
    var parser = LayoutParser(file: file)
    do {
      let root = try DataNode.parse(bytes, file: file)
      let layout = try parser.layout(root)
      if parser.faults.isEmpty { return layout }
    } catch {
      parser.faults.append(error)
    }
    throw DataErrors(parser.faults)
  }

  public static func parse(_ text: String, file: String) throws(DataErrors) -> Layout {
    try parse(text.utf8, file: file)
  }
}

/// Collects what is wrong instead of stopping at the first fault, as far as the rest can still be read.
private struct LayoutParser {
  let file: String
  var faults: [DataError] = []

  init(file: String) {
    self.file = file
  }

  mutating func attempt<Result>(_ body: (inout LayoutParser) throws(DataError) -> Result) -> Result? {
    do {
      return try body(&self)
    } catch {
      if faults.count < 20 { faults.append(error) }
      return nil
    }
  }

  mutating func layout(_ root: DataNode) throws(DataError) -> Layout {
    try root.allowKeys(["format", "name", "module", "anchors", "identity", "structs", "state"])
    let format = try root["format"].integer(in: 1...1_000)
    guard format == 1 else {
      throw root["format"].error("format \(format) is not known; this program reads format 1")
    }
    let structs = try structures(root["structs"])
    let layout = Layout(
      name: try root["name"].string(), file: file, module: try module(root["module"]),
      anchors: try anchors(root["anchors"], structs: structs), identity: try identity(root["identity"]),
      structs: structs, state: try StateMap(root["state"]))
    if faults.isEmpty {
      do {
        _ = try LayoutPlan(layout: layout)
      } catch {
        faults += error.faults
      }
    }
    return layout
  }

  func module(_ node: DataNode) throws(DataError) -> Layout.ModuleMatch {
    try node.allowKeys(["path", "build_ids"])
    var ids: [String] = []
    if node["build_ids"].exists {
      for id in try node["build_ids"].array() {
        let text = try id.string().lowercased()
        guard let bytes = hexadecimalBytes(text), !bytes.contains(nil), !bytes.isEmpty else {
          throw id.error("expected a build id in hexadecimal")
        }
        ids.append(text)
      }
    }
    return Layout.ModuleMatch(path: try node["path"].string(), buildIDs: ids)
  }

  func anchors(_ node: DataNode, structs: [Layout.Structure]) throws(DataError) -> [Layout.Anchor] {
    var anchors: [Layout.Anchor] = []
    for (name, value) in try node.object() where !name.hasPrefix("//") {
      try value.allowKeys(["struct", "at"])
      var places: [Layout.Anchor.Place] = []
      for place in try value["at"].array() { places.append(try anchorPlace(place)) }
      guard !places.isEmpty else { throw value["at"].error("expected at least one place") }
      let structure = try value["struct"].choice("struct", of: structs.map(\.name))
      anchors.append(Layout.Anchor(name: name, structure: structure, places: places))
    }
    guard !anchors.isEmpty else { throw node.error("expected at least one anchor") }
    return anchors
  }

  func anchorPlace(_ node: DataNode) throws(DataError) -> Layout.Anchor.Place {
    try node.allowKeys(["symbol", "module", "signature", "segment", "relative", "plus"])
    let plus = node["plus"].exists ? try node["plus"].offset(in: -(1 << 32)...(1 << 32)) : 0
    if node["symbol"].exists { return .symbol(try node["symbol"].string(), plus: plus) }
    if node["module"].exists { return .module(offset: try node["module"].offset(in: 0...(1 << 40)) + plus) }
    guard node["signature"].exists else {
      throw node.error("expected \"symbol\", \"module\" (an offset) or \"signature\"")
    }
    let text = try node["signature"].string()
    guard let bytes = hexadecimalBytes(text), bytes.count <= 256, bytes.count(where: { $0 != nil }) >= 4 else {
      throw node["signature"].error("expected 4 to 256 bytes such as \"48 8b 05 ?? ?? ?? ??\"")
    }
    let segment =
      node["segment"].exists
      ? try node["segment"].choice("segment", of: Layout.Signature.Segment.allCases.map(\.rawValue)) : "data"
    let relative = node["relative"].exists ? try node["relative"].offset(in: 0...(bytes.count - 4)) : nil
    let signature = Layout.Signature(
      bytes: bytes, segment: Layout.Signature.Segment(rawValue: segment) ?? .data, relativeAt: relative)
    return .signature(signature, plus: plus)
  }

  func identity(_ node: DataNode) throws(DataError) -> Layout.Identity? {
    guard node.exists else { return nil }
    try node.allowKeys(["path", "bytes"])
    let text = try node["bytes"].string()
    guard let bytes = hexadecimalBytes(text), !bytes.isEmpty, !bytes.contains(nil) else {
      throw node["bytes"].error("expected bytes in hexadecimal")
    }
    return Layout.Identity(path: try FieldPath(node["path"]), bytes: bytes.compactMap(\.self))
  }

  mutating func structures(_ node: DataNode) throws(DataError) -> [Layout.Structure] {
    var structs: [Layout.Structure] = []
    let members = try node.object().filter { !$0.key.hasPrefix("//") }
    let names = members.map(\.key)
    for (name, value) in members {
      let made = attempt { parser throws(DataError) in try parser.structure(name, value, names: names) }
      if let made { structs.append(made) }
    }
    return structs.sorted { $0.name < $1.name }
  }

  mutating func structure(_ name: String, _ node: DataNode, names: [String]) throws(DataError) -> Layout.Structure {
    try node.allowKeys(["size", "fields"])
    let size = try node["size"].offset(in: 1...(1 << 20))
    var fields: [Layout.Field] = []
    for (fieldName, value) in try node["fields"].object() where !fieldName.hasPrefix("//") {
      let field = attempt { parser throws(DataError) in
        let field = try parser.field(fieldName, value, names: names)
        guard field.offset + (field.shape.size ?? 0) <= size else {
          throw value.error("field \"\(fieldName)\" ends behind its struct of \(size) bytes")
        }
        return field
      }
      if let field { fields.append(field) }
    }
    return Layout.Structure(name: name, size: size, fields: fields)
  }

  func field(_ name: String, _ node: DataNode, names: [String]) throws(DataError) -> Layout.Field {
    try node.allowKeys([
      "at", "type", "to", "of", "count", "max", "next", "previous", "link_offset", "circular", "left", "right",
      "mask", "shift", "scale", "bias", "range", "none", "cases", "unit", "must_move",
    ])
    return Layout.Field(
      name: name, offset: try node["at"].offset(in: 0...(1 << 20)), shape: try shape(node, names: names),
      reading: try reading(node), mustMove: node["must_move"].exists ? try node["must_move"].boolean() : false,
      node: node)
  }

  func reading(_ node: DataNode) throws(DataError) -> Reading {
    var reading = Reading.plain
    if node["mask"].exists { reading.mask = UInt64(try node["mask"].offset(in: 1...Int.max)) }
    if node["shift"].exists { reading.shift = try node["shift"].integer(in: 0...63) }
    if node["scale"].exists { reading.scale = try node["scale"].number() }
    if node["bias"].exists { reading.bias = try node["bias"].number() }
    if node["range"].exists {
      let ends = try node["range"].array()
      guard ends.count == 2 else { throw node["range"].error("expected [lowest, highest]") }
      let (low, high) = (try ends[0].number(), try ends[1].number())
      guard low <= high else { throw node["range"].error("the lowest value is above the highest") }
      reading.range = low...high
    }
    if node["none"].exists {
      for value in try node["none"].array() { reading.none.append(try value.number()) }
      guard reading.none.count <= 4 else { throw node["none"].error("at most four values") }
    }
    if node["cases"].exists { reading.cases = try caseNames(node["cases"]) }
    if node["unit"].exists { reading.unit = try node["unit"].choice("unit", of: Unit.names) }
    return reading
  }

  func shape(_ node: DataNode, names: [String]) throws(DataError) -> FieldShape {
    let type = node["type"]
    let text = try type.string()
    if let scalar = ScalarType(rawValue: text) { return .scalar(scalar) }
    if let count = bracketed(text, "char") { return .text(bytes: count) }
    if let count = bracketed(text, "bytes") { return .bytes(count: count) }
    func max() throws(DataError) -> Int { try node["max"].integer(in: 1...65_536) }
    func structure(_ key: String) throws(DataError) -> String { try node[key].choice("struct", of: names) }
    switch text {
    case "std::string": return .shortString
    case "pointer": return .pointer(to: try structure("to"))
    case "struct": return .embedded(try structure("of"))
    case "array":
      let count = node["count"]
      if case .string(let field) = count.value {
        return .array(try element(node["of"], names: names), count: .field(field, max: try max()))
      }
      return .array(try element(node["of"], names: names), count: .fixed(try count.integer(in: 1...65_536)))
    case "vector": return .vector(try element(node["of"], names: names), max: try max())
    case "list":
      return .list(
        of: try structure("of"), next: try node["next"].string(),
        previous: node["previous"].exists ? try node["previous"].string() : nil,
        linkOffset: node["link_offset"].exists ? try node["link_offset"].offset(in: 0...4_096) : 0,
        isCircular: node["circular"].exists ? try node["circular"].boolean() : false, max: try max())
    case "tree":
      return .tree(
        of: try structure("of"), left: try node["left"].string(), right: try node["right"].string(), max: try max())
    default:
      let known =
        ScalarType.allCases.map(\.rawValue)
        + ["char[64]", "bytes[16]", "std::string", "pointer", "struct", "array", "vector", "list", "tree"]
      throw type.unknown("type", text, among: known)
    }
  }

  func element(_ node: DataNode, names: [String]) throws(DataError) -> FieldShape.Element {
    let text = try node.string()
    if let scalar = ScalarType(rawValue: text) { return .scalar(scalar) }
    if let count = bracketed(text, "char") { return .text(bytes: count) }
    if text.hasSuffix("*") {
      let name = String(text.dropLast())
      guard names.contains(name) else { throw node.unknown("struct", name, among: names) }
      return .pointer(to: name)
    }
    return .structure(try node.choice("struct", of: names))
  }

  func bracketed(_ text: String, _ word: String) -> Int? {
    guard text.hasPrefix(word + "["), text.hasSuffix("]"),
      let count = Int(text.dropFirst(word.count + 1).dropLast()), (1...65_536).contains(count)
    else { return nil }
    return count
  }
}

/// `{"0": "player", …}`.
func caseNames(_ node: DataNode) throws(DataError) -> [(raw: Int, name: String)] {
  var cases: [(raw: Int, name: String)] = []
  for (key, value) in try node.object() where !key.hasPrefix("//") {
    guard let raw = Int(key), (-(1 << 31)...(1 << 32)).contains(raw) else {
      throw value.error("expected a whole number as key, found \"\(key)\"")
    }
    cases.append((raw, try value.string()))
  }
  guard cases.count <= 64 else { throw node.error("at most 64 cases") }
  return cases
}
