/// Keeps what passes through another source, so that `RecordedMemory` can give the same answers again.
public final class RecordingMemory: MemorySource {
  private let source: any MemorySource
  public private(set) var answers: [RecordedMemory.Answer] = []

  public init(_ source: any MemorySource) {
    self.source = source
  }

  public var callCount: Int { source.callCount }

  public func read(
    _ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    keep(source.read(ranges, into: buffer), ranges: Array(ranges), buffer)
  }

  public func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    let range = MemoryRange(address: address, count: UInt64(buffer.count))
    return keep(source.read(at: address, into: buffer), ranges: [range], buffer)
  }

  public func pause(microseconds: UInt32) {
    source.pause(microseconds: microseconds)
  }

  private func keep(
    _ outcome: ReadOutcome, ranges: [MemoryRange], _ buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    var bytes: [UInt8] = []
    if case .bytes(let count) = outcome { bytes = Array(buffer[..<count]) }
    answers.append(RecordedMemory.Answer(ranges: ranges, outcome: outcome, bytes: bytes))
    return outcome
  }
}

/// Gives recorded answers in their order; what was not asked then is gone now.
public final class RecordedMemory: MemorySource {
  public struct Answer: Sendable {
    public var ranges: [MemoryRange]
    public var outcome: ReadOutcome
    public var bytes: [UInt8]
  }

  private let answers: [Answer]
  public private(set) var callCount = 0

  public init(_ answers: [Answer]) {
    self.answers = answers
  }

  public func read(
    _ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    answer(ranges.elementsEqual(callCount < answers.count ? answers[callCount].ranges : []), into: buffer)
  }

  public func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    let range = MemoryRange(address: address, count: UInt64(buffer.count))
    return answer(callCount < answers.count && answers[callCount].ranges == [range], into: buffer)
  }

  public func pause(microseconds: UInt32) {}

  private func answer(_ isAsked: Bool, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    guard isAsked, callCount < answers.count, answers[callCount].bytes.count <= buffer.count else { return .gone }
    let answer = answers[callCount]
    callCount += 1
    answer.bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
    return answer.outcome
  }
}
