import CZlib
import Glibc

/// The bytes of a file, relative to the package's root; nil when it is not there.
func fileBytes(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    guard count > 0 else { return bytes }
    bytes += buffer[..<count]
  }
}

/// The text of a gzip file; nil when it is not there.
func gunzippedText(_ path: String) -> String? {
  guard let file = gzopen(path, "rb") else { return nil }
  defer { gzclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = Int(gzread(file, &buffer, UInt32(buffer.count)))
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<count]
  }
}
