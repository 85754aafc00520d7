import CZlib

/// A zip archive of files, the first of them stored, the others deflated; for these tests only, from the description of
/// the format.
func writtenZip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  var body = Written()
  var list = Written()
  for (index, file) in files.enumerated() {
    var size = compressBound(uLong(file.bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    precondition(compress2(&packed, &size, file.bytes, uLong(file.bytes.count), 9) == Z_OK)
    // Without the two bytes before and the four behind that zlib puts round it.
    let content = index == 0 ? file.bytes : Array(packed[2..<Int(size) - 4])
    let name = Array(file.name.utf8)
    let offset = body.bytes.count
    func describe(_ head: inout Written) {
      head.u16(20)
      head.u16(0)
      head.u16(index == 0 ? 0 : 8)
      head.u32(0)
      head.u32(Int(crc32(0, file.bytes, uInt(file.bytes.count))))
      head.u32(content.count)
      head.u32(file.bytes.count)
      head.u16(name.count)
      head.u16(0)
    }
    body.u32(0x0403_4B50)
    describe(&body)
    body.bytes += name + content
    list.u32(0x0201_4B50)
    list.u16(20)
    describe(&list)
    for _ in 0..<3 { list.u16(0) }
    list.u32(0)
    list.u32(offset)
    list.bytes += name
  }
  let start = body.bytes.count
  body.bytes += list.bytes
  body.u32(0x0605_4B50)
  body.u32(0)
  body.u16(files.count)
  body.u16(files.count)
  body.u32(list.bytes.count)
  body.u32(start)
  body.u16(0)
  return body.bytes
}
