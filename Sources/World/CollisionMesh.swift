import Core

/// The zone's triangles with its objects in place, sorted into square cells for fast questions.
struct CollisionMesh: Sendable {
  /// Ground that carries, under (x, y) and not above `z`; nil where there is none.
  func ground(_ x: Double, _ y: Double, below z: Double) -> (z: Double, normal: Double)? { nil }
}
