import Core
import Telemetry

/// Makes of flat inputs their differences, each from the one before; runs where the record is written.
///
/// A class because the writer shares it with its owner. `@unchecked Sendable`: one thread uses it, that of the writing.
final class InputPacker: InputPacking, @unchecked Sendable {
  private var encoder = InputEncoder()

  func reset() { encoder.reset() }

  func pack(_ input: UnsafeRawBufferPointer, into writer: inout ByteWriter) {
    var decoder = InputDecoder()
    var reader = ByteReader(input)
    if let input = try? decoder.decode(&reader) {
      encoder.encode(input, into: &writer)
    } else {
      writer.put(raw: input)
      encoder.reset()
    }
  }
}
