import Glibc
import Nav

/// A profile's numbers as the builder uses them, in world units.
struct ProfileRules: Sendable {
  let radius: Double
  let height: Double
  /// Least z component of the unit normal of a floor.
  let steepest: Double
  /// Solid matter between `clearance` and `height` above a floor stops the body; lower, it is stepped over.
  let clearance: Double
  /// Largest difference of height between centres of neighbour cells that is walked.
  let climb: Double

  init(_ profile: AgentProfile, cellSize: Double) {
    radius = profile.radius
    height = profile.height
    let slope = profile.slope * .pi / 180
    steepest = cos(slope)
    // A slope that may be walked must neither block itself nor fall apart into steps.
    clearance = max(profile.step, max(profile.radius, cellSize / 2) * tan(slope) * 1.01)
    climb = max(profile.step, cellSize * tan(slope) * 1.01)
  }
}
