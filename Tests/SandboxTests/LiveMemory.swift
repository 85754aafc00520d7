import Foundation

/// The memory of another process, and where its symbols are.
enum LiveMemory {
  static func client(pid: Int32) throws -> ClientMemory {
    let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/\(pid)/mem"))
    let descriptor = file.fileDescriptor
    return ClientMemory { address, target in
      withExtendedLifetime(file) {
        pread(descriptor, target.baseAddress, target.count, off_t(truncatingIfNeeded: address)) == target.count
      }
    }
  }

  /// The address of `symbol` in the running process: its value in the program's symbol table plus where it is loaded.
  static func address(of symbol: String, pid: Int32) throws -> UInt64? {
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
    let maps = String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/maps") ?? Data(), as: UTF8.self)
    guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(path) }),
      let base = UInt64(line.prefix { $0 != "-" }, radix: 16), let file = FileManager.default.contents(atPath: path)
    else { return nil }
    return value(of: symbol, in: [UInt8](file)).map { base + $0 }
  }

  private static func value(of symbol: String, in file: [UInt8]) -> UInt64? {
    func word<Word: FixedWidthInteger>(_ offset: Int, _: Word.Type) -> Word {
      file.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Word.self) }
    }
    let sections = Int(word(0x28, UInt64.self))
    func section(_ index: Int) -> Int { sections + index * 64 }
    let name = Array(symbol.utf8) + [0]
    // Type 2 is the symbol table; its link is the section of its strings.
    for index in 0..<Int(word(0x3C, UInt16.self)) where word(section(index) + 4, UInt32.self) == 2 {
      let strings = Int(word(section(Int(word(section(index) + 0x28, UInt32.self))) + 0x18, UInt64.self))
      let first = Int(word(section(index) + 0x18, UInt64.self))
      for entry in stride(from: first, to: first + Int(word(section(index) + 0x20, UInt64.self)), by: 24) {
        let text = strings + Int(word(entry, UInt32.self))
        if file[text...].starts(with: name) { return word(entry + 8, UInt64.self) }
      }
    }
    return nil
  }
}
