extension Scene {
  /// The same scene, every coordinate times `factor`; volumes are left out.
  func scaled(_ factor: Float) -> Scene {
    var scene = self
    scene.vertices = vertices.map { $0 * factor }
    scene.volumes = nil
    return scene
  }
}
