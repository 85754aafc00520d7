/// Brings the inputs of ticks from the form in which the tick thread leaves them, which costs little time, into that
/// of the record, which costs little room. One thread at a time, in the order of the ticks.
public protocol InputPacking: AnyObject, Sendable {
  /// Puts what is to be kept of `input`; `writer` says when it did not fit.
  func pack(_ input: UnsafeRawBufferPointer, into writer: inout ByteWriter)
  /// The last input is not in the record: the next one must stand alone.
  func reset()
}
