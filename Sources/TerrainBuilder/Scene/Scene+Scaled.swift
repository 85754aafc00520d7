extension Scene {
  /// The same scene, every coordinate times `factor`; volumes, ways and moving parts are left out.
  func scaled(_ factor: Float) -> Scene {
    var scene = self
    scene.vertices = vertices.map { $0 * factor }
    scene.volumes = nil
    scene.passages = []
    scene.movers = []
    return scene
  }
}
