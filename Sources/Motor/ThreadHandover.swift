/// Hands one value that is not `Sendable` to one other thread.
// @unchecked: the value is put in before the thread starts and taken out once, by that thread.
public final class ThreadHandover<Value>: @unchecked Sendable {
  private var value: Value?

  public init(_ value: Value) { self.value = value }

  public func take() -> Value? {
    defer { value = nil }
    return value
  }
}
