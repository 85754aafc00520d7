import Foundation
import Nav
import TestSupport
import Testing

@testable import TerrainBuilder

@Suite struct ElevationTests {
  static let folder = Repository.sharedData("terrain/dem")

  private func raster(_ name: String) throws -> ElevationRaster {
    let folder = try #require(Self.folder)
    guard case .raster(let raster) = try SceneReader.read(folder.appending(path: name).path) else {
      throw AssetError(file: name, offset: 0, cause: "no raster")
    }
    return raster
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `four files of one source agree`() throws {
    let strip = try raster("jacksboro_strip.tif")
    let tiled = try raster("jacksboro_cog.tif")
    let grid = try raster("jacksboro.asc")
    #expect(strip.width == tiled.width && strip.height == tiled.height && strip.width == grid.width)
    func isSame(_ a: Float, _ b: Float) -> Bool { a == b || (a.isNaN && b.isNaN) }
    #expect(zip(strip.heights, tiled.heights).allSatisfy(isSame))
    #expect(zip(strip.heights, grid.heights).allSatisfy(isSame))
    #expect(abs(strip.west - grid.west) < 1e-6 && abs(strip.north - grid.north) < 1e-6)
    // The square file has the nearest pixel of the source at each of its own places.
    let square = try raster("N36W085.hgt.gz")
    var compared = 0
    var equal = 0
    for row in 0..<square.height {
      for column in 0..<square.width {
        let height = square.height(column, row)
        guard height.isFinite else { continue }
        let x = (square.west + Double(column) * square.pixel - strip.west) / strip.pixel
        let y = (strip.north - (square.north - Double(row) * square.pixel)) / strip.pixel
        // Where two pixels are as near, either may have been taken.
        let near = [(-0.01, -0.01), (0.01, -0.01), (-0.01, 0.01), (0.01, 0.01)].map { dx, dy in
          strip.height(Int((x + dx).rounded()), Int((y + dy).rounded()))
        }
        compared += 1
        if near.contains(height) { equal += 1 }
      }
    }
    #expect(compared > 100_000)
    #expect(Double(equal) >= 0.999 * Double(compared), "\(equal) of \(compared)")
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `a raster becomes a terrain of its heights`() throws {
    let raster = try raster("jacksboro_cog.tif")
    var settings = BuildSettings()
    settings.cellSize = 30
    let terrain = try Terrain(bytes: try TerrainBuild(settings).build(.raster(raster)).encode())
    try terrain.verify()
    var worst: Float = 0
    for row in stride(from: 0, to: raster.height, by: 7) {
      for column in stride(from: 0, to: raster.width, by: 5) {
        let floors = terrain.floors(column: column, raster.height - 1 - row)
        worst = max(worst, abs(Float(floors.first?.z ?? .infinity) - raster.height(column, row)))
      }
    }
    #expect(worst <= 0.0626)
  }

  @Test(.enabled(if: folder != nil, "needs the shared test data"))
  func `cut and flipped rasters are errors, never traps`() throws {
    let folder = try #require(Self.folder)
    for name in ["jacksboro_strip.tif", "jacksboro_cog.tif", "jacksboro.asc"] {
      let bytes = try FileBytes.read(folder.appending(path: name).path)
      DamagedInput.survive(bytes, seed: 3, rounds: 40) { damaged in
        if name.hasSuffix("asc") {
          _ = try ASCIIGridReader.read(damaged, file: name)
        } else {
          _ = try GeoTIFFReader.read(damaged, file: name)
        }
      }
    }
  }
}
