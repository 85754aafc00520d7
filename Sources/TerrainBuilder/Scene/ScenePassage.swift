import Nav

/// An upright box. Frame and unit: those of the scene.
struct SceneBox: Sendable, Hashable {
  var low: SIMD3<Double>
  var high: SIMD3<Double>

  var middle: SIMD3<Double> { (low + high) / 2 }

  func grown(_ reach: SIMD3<Double>) -> SceneBox { SceneBox(low: low - reach, high: high + reach) }
  func moved(_ way: SIMD3<Double>) -> SceneBox { SceneBox(low: low + way, high: high + way) }
}

/// A way that a file names and its geometry does not show.
struct ScenePassage: Sendable {
  enum End: Sendable {
    /// On a floor in the box, as near to its middle as one can stand.
    case place(SceneBox)
    /// Where a body comes down that flies over `apex` with a level speed, units a second; `eyes` is how far the point
    /// that flies lies above its feet.
    case flight(apex: SIMD3<Double>, speed: SIMD2<Double>, gravity: Double, eyes: Double)
  }

  var kind: TerrainLink.Kind
  var isTwoWay = false
  var from: SceneBox
  var to: End
  /// Of the part of the file that it comes from.
  var tag: Int32
}

/// A part that moves, as `TerrainDynamic` describes it; `box` is where it rests.
struct SceneMover: Sendable {
  var kind: TerrainDynamic.Kind
  var box: SceneBox
  var low: Double
  var high: Double
  var tag: Int32
}
