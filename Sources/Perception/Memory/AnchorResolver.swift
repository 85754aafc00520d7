import Glibc

/// Finds the anchors of a layout in a live process.
public struct AnchorResolver {
  private let memory: ProcessMemory

  public init(memory: ProcessMemory) {
    self.memory = memory
  }

  /// One address for each anchor, in the layout's order.
  /// - Throws: `AttachError` that says which anchor, and why.
  public func addresses(for layout: Layout) throws(AttachError) -> [UInt64] {
    guard let module = ModuleMap.read(pid: memory.pid).module(matching: layout.module.path) else {
      throw .noModule(path: layout.module.path)
    }
    // Through the process's own root, and still right when the file was replaced on disk.
    let isProgram =
      ProcessFile.programName(pid: memory.pid) == module.path.split(separator: "/").last.map(String.init)
    let path = isProgram ? "/proc/\(memory.pid)/exe" : "/proc/\(memory.pid)/root\(module.path)"
    let elf = ProcessFile.mapped(path).flatMap { ELFFile($0) }
    if !layout.module.buildIDs.isEmpty {
      guard let id = elf?.buildID, layout.module.buildIDs.contains(id) else {
        throw .wrongBuild(module: module.path, found: elf?.buildID, wanted: layout.module.buildIDs)
      }
    }
    var addresses: [UInt64] = []
    for anchor in layout.anchors {
      var found: UInt64?
      var causes: [String] = []
      for place in anchor.places {
        switch resolve(place, module: module, elf: elf) {
        case .success(let address): found = address
        case .failure(let cause): causes.append(cause.text)
        }
        if found != nil { break }
      }
      guard let found else { throw .anchor(anchor.name, cause: causes.joined(separator: "; ")) }
      addresses.append(found)
    }
    guard isIdentity(of: layout, at: addresses) else { throw .wrongIdentity(layout: layout.name) }
    return addresses
  }

  /// True when the bytes that only the layout's own build has are there; of several layouts whose anchors resolve it
  /// picks the right one.
  private func isIdentity(of layout: Layout, at anchors: [UInt64]) -> Bool {
    guard let plan = try? LayoutPlan(layout: layout), let identity = plan.identity else { return true }
    var offsets: [Int] = []
    var block = identity.block
    while case .pointer(let parent, let offset) = plan.blocks[block].parent {
      offsets.append(offset)
      block = parent
    }
    guard case .anchor(let anchor) = plan.blocks[block].parent else { return false }
    var address = anchors[anchor]
    for offset in offsets.reversed() {
      guard let bytes = read(address &+ UInt64(offset), 8) else { return false }
      address = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }
    return read(address &+ UInt64(identity.offset), identity.bytes.count) == identity.bytes
  }

  private func read(_ address: UInt64, _ count: Int) -> [UInt8]? {
    guard address < 1 << 47 else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let outcome = bytes.withUnsafeMutableBytes { memory.read(at: address, into: $0) }
    return outcome == .bytes(count) ? bytes : nil
  }

  private struct Cause: Error {
    var text: String
  }

  private func resolve(
    _ place: Layout.Anchor.Place, module: (path: String, regions: [ModuleMap.Region]), elf: ELFFile?
  ) -> Result<UInt64, Cause> {
    let base = (module.regions.first?.start ?? 0) &- (module.regions.first?.fileOffset ?? 0)
    switch place {
    case .module(let offset): return .success(base &+ UInt64(bitPattern: Int64(offset)))
    case .symbol(let name, let plus):
      guard let elf else { return .failure(Cause(text: "\(module.path) is no readable ELF file")) }
      guard let value = elf.symbol(name) else {
        return .failure(Cause(text: "no symbol \"\(name)\" in \(module.path)"))
      }
      return .success(base &+ value &- elf.loadAddress &+ UInt64(bitPattern: Int64(plus)))
    case .signature(let signature, let plus):
      let matches = search(signature, in: module.regions)
      guard matches.count == 1 else {
        let count = matches.isEmpty ? "nowhere" : "more than once"
        return .failure(Cause(text: "its signature stands \(count) in the \(signature.segment) of \(module.path)"))
      }
      return .success(matches[0] &+ UInt64(bitPattern: Int64(plus)))
    }
  }

  /// The first two matches; a displacement is followed.
  private func search(_ signature: Layout.Signature, in regions: [ModuleMap.Region]) -> [UInt64] {
    var matches: [UInt64] = []
    let pattern = signature.bytes
    for region in regions where region.isReadable {
      guard signature.segment == .code ? region.isExecutable : region.isWritable else { continue }
      let count = Int(min(region.end - region.start, 256 << 20))
      var bytes = [UInt8](repeating: 0, count: count)
      let outcome = bytes.withUnsafeMutableBytes { memory.read(at: region.start, into: $0) }
      guard case .bytes(count) = outcome, count >= pattern.count else { continue }
      bytes.withUnsafeBytes { bytes in
        for start in 0...(count - pattern.count) {
          var index = 0
          while index < pattern.count, pattern[index] == nil || pattern[index] == bytes[start + index] { index += 1 }
          guard index == pattern.count else { continue }
          var address = region.start + UInt64(start)
          if let at = signature.relativeAt {
            let displacement = bytes.loadUnaligned(fromByteOffset: start + at, as: Int32.self)
            address = address &+ UInt64(at + 4) &+ UInt64(bitPattern: Int64(displacement))
          }
          matches.append(address)
          if matches.count == 2 { return }
        }
      }
      if matches.count == 2 { break }
    }
    return matches
  }
}

extension ProcessFile {
  /// All bytes of a program file, however large (to 512 MB).
  static func mapped(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size > 0, status.st_size <= 512 << 20 else { return nil }
    var done = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while done < buffer.count {
        let got = Glibc.read(file, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if got <= 0 { break }
        done += got
      }
      count = done
    }
    return done == Int(status.st_size) ? bytes : nil
  }
}
