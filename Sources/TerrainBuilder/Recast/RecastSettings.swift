import Glibc
import Nav

/// The rules of Recast (recastnavigation, zlib licence), in its units: voxels. For comparison with other navigation
/// meshes; our own rules keep exact heights.
struct RecastSettings: Sendable {
  /// Sides and height of a voxel, world units.
  var cellSize: Float
  var voxelHeight: Float
  /// Degrees.
  var slope: Float
  /// Headroom, step and body radius. Unit: voxels.
  var height: Int
  var climb: Int
  var radius: Int

  init(cellSize: Float, voxelHeight: Float, slope: Float, height: Int, climb: Int, radius: Int) {
    self.cellSize = cellSize
    self.voxelHeight = voxelHeight
    self.slope = slope
    self.height = height
    self.climb = climb
    self.radius = radius
  }

  /// A body as Recast's own example program counts it: headroom rounded up, step down, radius up.
  init(_ profile: AgentProfile, cellSize: Double, voxelHeight: Double) {
    func voxels(_ length: Double, _ size: Double, _ rule: FloatingPointRoundingRule) -> Int {
      Int(min(max((length / size).rounded(rule), 0), 8191))
    }
    self.init(
      cellSize: Float(cellSize), voxelHeight: Float(voxelHeight), slope: Float(profile.slope),
      height: max(3, voxels(profile.height, voxelHeight, .up)), climb: voxels(profile.step, voxelHeight, .down),
      radius: voxels(profile.radius, cellSize, .up))
  }

  /// Least upward part of the unit normal of what is walked on; not reached itself.
  var steepest: Float { cosf(slope / 180 * .pi) }
}
