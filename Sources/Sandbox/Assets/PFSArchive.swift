import CZlib

/// Writes PFS archives (`.s3d`): files in zlib blocks of at most 8,192 bytes, an index sorted by the names' CRC, a
/// directory of names, a footer with a fixed date, so that equal files give equal archives.
///
/// Format: the layout that libeq's and quail's public notes agree on (PFS version 0x00020000).
public enum PFSArchive {
  static let directoryCRC: UInt32 = 0x6158_0AC9
  static let blockBytes = 8192

  public static func encode(_ files: [(name: String, bytes: [UInt8])]) throws -> [UInt8] {
    var body = ByteWriter()
    body.append([0, 0, 0, 0])
    body.append("PFS ".utf8)
    body.u32(0x0002_0000)
    var index: [(crc: UInt32, offset: UInt32, size: UInt32)] = []
    var directory = ByteWriter()
    directory.u32(UInt32(files.count))
    for file in files {
      index.append((crc(of: file.name), UInt32(body.count), UInt32(file.bytes.count)))
      try appendBlocks(of: file.bytes, to: &body)
      directory.u32(UInt32(file.name.utf8.count + 1))
      directory.append(file.name.utf8)
      directory.u8(0)
    }
    index.sort { $0.crc < $1.crc }
    index.append((directoryCRC, UInt32(body.count), UInt32(directory.count)))
    try appendBlocks(of: directory.bytes, to: &body)

    let indexOffset = UInt32(body.count)
    body.u32(UInt32(index.count))
    for entry in index {
      body.u32(entry.crc)
      body.u32(entry.offset)
      body.u32(entry.size)
    }
    body.append("STEVE".utf8)
    body.u32(0)

    var archive = body.bytes
    withUnsafeBytes(of: indexOffset.littleEndian) { archive.replaceSubrange(0..<4, with: $0) }
    return archive
  }

  /// CRC-32 with polynomial 0x04C11DB7, most significant bit first, from 0, without a final xor, over the name in
  /// lower case and its NUL.
  static func crc(of name: String) -> UInt32 {
    var crc: UInt32 = 0
    for byte in Array(name.lowercased().utf8) + [0] {
      crc ^= UInt32(byte) << 24
      for _ in 0..<8 { crc = crc & 0x8000_0000 == 0 ? crc << 1 : crc << 1 ^ 0x04C1_1DB7 }
    }
    return crc
  }

  private static func appendBlocks(of bytes: [UInt8], to body: inout ByteWriter) throws {
    var start = 0
    while start < bytes.count {
      let end = min(start + blockBytes, bytes.count)
      let deflated = try deflate(bytes[start..<end])
      body.u32(UInt32(deflated.count))
      body.u32(UInt32(end - start))
      body.append(deflated)
      start = end
    }
  }

  private static func deflate(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    var size = compressBound(uLong(bytes.count))
    var status: Int32 = Z_OK
    let deflated = [UInt8](unsafeUninitializedCapacity: Int(size)) { target, count in
      status = bytes.withUnsafeBufferPointer {
        compress2(target.baseAddress, &size, $0.baseAddress, uLong($0.count), 9)
      }
      count = Int(size)
    }
    guard status == Z_OK else { throw AssetError.deflate(status) }
    return deflated
  }
}

/// What may go wrong while assets are written.
public enum AssetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// zlib's status code.
  case deflate(Int32)
  /// A mesh reaches farther from its middle than the format can say.
  case meshTooLarge(String)
  case unknownModel(String)
  case cannotWrite(String, Int32)

  public var description: String {
    switch self {
    case .deflate(let status): "zlib could not compress (status \(status))"
    case .meshTooLarge(let name): "mesh \(name) is too large for the asset format"
    case .unknownModel(let name): "an object is placed whose model \(name) does not exist"
    case .cannotWrite(let path, let code): "cannot write \(path): \(systemMessage(code))"
    }
  }
}
