/// One orientation of a plane in the making, in the words of `WalkPlane`: a guard word, bordered rows, a guard word.
public struct PlaneWords: Sendable {
  public let width: Int
  public let height: Int
  public let stride: Int
  public private(set) var words: [UInt64]

  /// All cells blocked.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = WalkPlane.stride(width)
    words = Array(repeating: 0, count: WalkPlane.wordCount(width: width, height: height))
  }

  /// Coordinates inside the plane.
  @inline(__always)
  public subscript(x: Int, y: Int) -> Bool {
    get { words[1 + (y + 1) * stride + (x + 1) >> 6] >> UInt64((x + 1) & 63) & 1 == 1 }
    set {
      let index = 1 + (y + 1) * stride + (x + 1) >> 6
      let bit = UInt64(1) << UInt64((x + 1) & 63)
      if newValue { words[index] |= bit } else { words[index] &= ~bit }
    }
  }

  /// Sets cells (x..<x + 32, y) whose bits of `bits` are set; the rest stays.
  public mutating func insert(_ bits: UInt32, x: Int, y: Int) {
    let at = x + 1
    let index = 1 + (y + 1) * stride + at >> 6
    let shift = UInt64(at & 63)
    words[index] |= UInt64(bits) << shift
    let over = shift > 32 ? UInt64(bits) >> (64 - shift) : 0
    if over != 0 { words[index + 1] |= over }
  }

  public var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The same plane with x and y swapped.
  public var transposed: PlaneWords {
    var out = PlaneWords(width: height, height: width)
    out.words.withUnsafeMutableBufferPointer { target in
      words.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let bit = UInt64(1) << UInt64((y + 1) & 63)
          let column = 1 + (y + 1) >> 6
          for word in 0..<stride {
            var bits = source[1 + (y + 1) * stride + word]
            while bits != 0 {
              let x = word * 64 + bits.trailingZeroBitCount - 1
              target[(x + 1) * out.stride + column] |= bit
              bits &= bits - 1
            }
          }
        }
      }
    }
    return out
  }
}
