// TerrainBuilder: zone assets in, terrain file out; pictures.
//
// Readers/ turns files of others into a `Scene` (triangles, liquids, placed objects) or into floors by cell; every
// reader is strict, bounded, and names file, offset and cause. Build/ makes floors of cells, walk planes and sheets
// of a scene, tile by tile on several threads, with the same bytes for any number of them. Tool/ is what the
// command line does. Nothing here is linked into the daemon.
//
//     let scene = try SceneReader.read(["meadow.s3d"])
//     let image = try TerrainBuild(settings).build(scene)
//     try AtomicFile.write(image.encode(), to: "meadow.terrain")
