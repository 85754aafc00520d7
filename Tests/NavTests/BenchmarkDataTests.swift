import Foundation
import TestSupport
import Testing

@testable import Nav

@Suite struct BenchmarkDataTests {
  @Test func `costs of published scenarios are met`() throws {
    for (name, every) in [
      ("arena", 1), ("arena2", 16), ("32room_000", 50), ("AR0011SR", 40), ("Berlin_0_512", 60), ("maze512-8-0", 200),
      ("random512-10-0", 80), ("riverrun", 50), ("icecrown", 50), ("AcrosstheCape", 150),
    ] {
      guard let map = Repository.sharedData("nav/\(name).map"),
        let scenarios = Repository.sharedData("nav/\(name).map.scen")
      else {
        print("no benchmark maps beside the checkout: skipped")
        return
      }
      var fault = ""
      let file = try #require(ScenarioFile(text: try text(scenarios), fault: &fault), "\(fault)")
      var options = PathBenchmark.Options(file: file)
      let grid = GridMap(text: [UInt8](try Data(contentsOf: map)), fault: &fault)
      let known: GridMap = try #require(grid, "\(fault)")
      options.map = known
      options.every = every
      options.passes = 1
      let report = PathBenchmark.run(options)
      #expect(report.wrong == 0 && report.scenarios > 10, "\(name): \(report.faults)")
    }
  }

  @Test func `costs stay right while the map is patched`() throws {
    guard let scenarios = Repository.sharedData("nav/dynamic/dao_arena2.scen"),
      let patches = Repository.sharedData("nav/dynamic/dao_arena2.patch")
    else {
      print("no benchmark maps beside the checkout: skipped")
      return
    }
    var fault = ""
    let file = try #require(ScenarioFile(text: try text(scenarios), fault: &fault), "\(fault)")
    var options = PathBenchmark.Options(file: file)
    options.patches = try #require(PatchFile.read(text: try text(patches), fault: &fault), "\(fault)")
    options.every = 17
    options.passes = 1
    let report = PathBenchmark.run(options)
    #expect(report.wrong == 0 && report.scenarios > 10, "\(report.faults)")
  }

  private func text(_ url: URL) throws -> String { String(decoding: try Data(contentsOf: url), as: UTF8.self) }
}
