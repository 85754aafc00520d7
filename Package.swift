// swift-tools-version: 6.2
import PackageDescription

// The manifest is the architecture diagram. `layers` lists every target, lowest first; a target may depend only
// on rows above its own, so an upward dependency stops the manifest. Imports are checked too: every build runs
// with `--explicit-target-dependency-import-check error` (Tools/build).

/// What one row of the layer table describes.
enum Kind {
  case system(pkgConfig: String, apt: String)
  case c
  case library
  case program
  case testSupport
}

/// One row of the layer table.
struct Layer {
  let name: String
  let kind: Kind
  let uses: [String]

  init(_ name: String, _ kind: Kind = .library, uses: [String] = []) {
    self.name = name
    self.kind = kind
    self.uses = uses
  }
}

let layers: [Layer] = [
  Layer("CX11", .system(pkgConfig: "xtst", apt: "libx11-dev libxtst-dev libxext-dev")),
  Layer("CCairo", .system(pkgConfig: "cairo-xlib", apt: "libcairo2-dev")),
  Layer("CSQLite", .system(pkgConfig: "sqlite3", apt: "libsqlite3-dev")),
  Layer("CZlib", .system(pkgConfig: "zlib", apt: "zlib1g-dev")),
  Layer("CZstd", .system(pkgConfig: "libzstd", apt: "libzstd-dev")),
  Layer("CLinux", .c),
  Layer("CAllocations", .c),
  Layer("CSandboxMemory", .c),
  Layer("Core"),
  Layer("Command"),
  Layer("Telemetry", uses: ["Core", "CLinux", "CZstd"]),
  Layer("Perception", uses: ["Core", "CLinux"]),
  Layer("Motor", uses: ["Core", "CLinux", "CX11"]),
  Layer("Nav", uses: ["Core", "CLinux"]),
  Layer("Lore", uses: ["Core"]),
  Layer("Learning", uses: ["Core", "Perception", "Lore", "CSQLite"]),
  Layer("WorldModel", uses: ["Core", "Perception", "Nav", "Lore", "Learning"]),
  Layer("Brain", uses: ["Core", "Telemetry", "Perception", "Nav", "Lore", "Learning", "WorldModel"]),
  Layer("Routines", uses: ["Core", "Telemetry", "Perception", "Nav", "Lore", "Learning", "WorldModel"]),
  Layer(
    "Agent",
    uses: ["Core", "Telemetry", "Perception", "Nav", "Lore", "Learning", "WorldModel", "Brain", "Routines"]),
  Layer("TerrainBuilder", uses: ["Core", "CLinux", "Nav", "CZlib", "CCairo"]),
  Layer("LiveView", uses: ["Core", "CLinux", "Telemetry", "Perception"]),
  Layer(
    "SessionAnalysis",
    uses: ["Core", "CLinux", "Telemetry", "Perception", "Nav", "Lore", "Learning", "Agent", "CZstd", "CSQLite"]),
  Layer("World", uses: ["Core"]),
  Layer("SandboxMirror", uses: ["Core", "World", "CSandboxMemory"]),
  Layer("Sandbox", uses: ["Core", "World", "SandboxMirror", "CSandboxMemory", "CLinux", "CX11", "CCairo", "CZlib"]),
  Layer(
    "Runtime",
    uses: [
      "Core", "Command", "CLinux", "Telemetry", "Perception", "Motor", "Nav", "Lore", "Learning", "Brain", "Routines",
      "Agent", "LiveView",
    ]),
  Layer(
    "Simulation",
    uses: [
      "Core", "Command", "CLinux", "Telemetry", "Perception", "Motor", "Nav", "Lore", "Learning", "WorldModel",
      "Routines", "Agent", "World", "SandboxMirror",
    ]),
  Layer("compassd", .program, uses: ["Core", "Command", "Brain", "Runtime"]),
  Layer("compass-terrain", .program, uses: ["Core", "Command", "TerrainBuilder", "Nav"]),
  Layer("compass-sessions", .program, uses: ["Core", "Command", "SessionAnalysis"]),
  Layer("compass-sandbox", .program, uses: ["CLinux", "Core", "Command", "World", "SandboxMirror", "Sandbox"]),
  Layer("compass-sim", .program, uses: ["Core", "Command", "Lore", "Learning", "Brain", "World", "Simulation"]),
  Layer(
    "compass-bench", .program,
    uses: [
      "Core", "Command", "CLinux", "CAllocations", "Telemetry", "Perception", "Nav", "Brain", "Routines", "Agent",
      "World", "SandboxMirror",
      "Simulation", "TerrainBuilder", "SessionAnalysis", "LiveView", "Runtime",
    ]),
  Layer("TestSupport", .testSupport, uses: ["Core", "CLinux"]),
]

/// What may not be linked into what, although the rows would allow it (ARCHITECTURE.md, "Targets").
let forbidden: [String: Set<String>] = [
  "Brain": ["Routines", "Motor"],
  "Routines": ["Brain", "Motor"],
  "World": ["Perception", "Motor", "Nav", "Lore", "Agent"],
  "Sandbox": ["TerrainBuilder", "Perception", "Agent"],
  "compassd": ["TerrainBuilder", "SessionAnalysis", "Simulation", "World", "SandboxMirror", "CSandboxMemory"],
  "Agent": ["Motor", "CX11"],
]

/// Test targets: `NameTests` in `Tests/NameTests`, each with the extra targets that it plays with.
let tests: [(name: String, uses: [String])] = [
  ("Core", []),
  ("Telemetry", ["CLinux"]),
  ("Perception", ["CLinux"]),
  ("Motor", ["CX11", "CLinux"]),
  ("Nav", []),
  ("Lore", []),
  ("Learning", ["Perception", "Lore", "CSQLite"]),
  ("WorldModel", ["Perception", "Nav", "Lore", "Learning"]),
  ("Brain", ["Perception", "Nav", "Lore", "Learning", "WorldModel", "Telemetry"]),
  ("Routines", ["Perception", "Nav", "Lore", "Learning", "WorldModel", "Telemetry"]),
  ("Agent", ["Perception", "Nav", "Lore", "WorldModel", "Brain", "Routines", "Telemetry"]),
  ("TerrainBuilder", ["Nav", "CZlib"]),
  ("SessionAnalysis", ["Telemetry", "Perception", "Agent"]),
  ("World", []),
  ("Sandbox", ["World", "SandboxMirror", "CSandboxMemory", "CX11", "CZlib", "Nav"]),
  (
    "Runtime",
    [
      "Telemetry", "Perception", "Motor", "Nav", "Lore", "WorldModel", "Routines", "Agent", "SessionAnalysis", "CX11",
      "CLinux",
    ]
  ),
  ("Simulation", ["World", "SandboxMirror", "Perception", "Learning", "Routines", "Agent", "Telemetry"]),
  ("Command", []),
  ("LiveView", ["Telemetry", "Perception", "CLinux"]),
]

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let rows = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1.name, $0) })
let programs: Set<String> = Set(
  layers.compactMap { layer in
    if case .program = layer.kind { layer.name } else { nil }
  })

/// Everything below `name`, itself left out; an unknown name is reported by `check`.
func reach(_ name: String) -> Set<String> {
  guard let row = rows[name] else { return [] }
  return layers[row].uses.reduce(into: []) { $0.formUnion(reach($1).union([$1])) }
}

func check(_ layer: Layer) {
  for use in layer.uses {
    guard let row = rows[use] else { fatalError("\(layer.name) depends on \(use), which is not in the layer table") }
    guard row < rows[layer.name, default: 0] else {
      fatalError("\(layer.name) may not depend on \(use): it is not in a lower layer")
    }
  }
  let wrong = reach(layer.name).intersection(forbidden[layer.name, default: []])
  guard wrong.isEmpty else { fatalError("\(layer.name) may not reach \(wrong.sorted().joined(separator: ", "))") }
}

func target(_ layer: Layer) -> Target {
  check(layer)
  let dependencies = layer.uses.map { Target.Dependency.target(name: $0) }
  return switch layer.kind {
  case .system(let pkgConfig, let apt):
    .systemLibrary(
      name: layer.name, path: "Sources/\(layer.name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
  case .c:
    .target(name: layer.name, cSettings: [.define("_GNU_SOURCE"), .treatAllWarnings(as: .error)])
  case .library:
    .target(name: layer.name, dependencies: dependencies, swiftSettings: swiftSettings)
  case .program:
    .executableTarget(name: layer.name, dependencies: dependencies, swiftSettings: swiftSettings)
  case .testSupport:
    .target(
      name: layer.name, dependencies: dependencies, path: "Tests/\(layer.name)", swiftSettings: swiftSettings)
  }
}

let package = Package(
  name: "compass",
  products: programs.sorted().map { .executable(name: $0, targets: [$0]) },
  targets: layers.map(target)
    + tests.map { test in
      let own = rows[test.name] == nil ? [] : [test.name]
      let uses = Set(own + test.uses + ["Core", "TestSupport"]).sorted()
      return .testTarget(
        name: "\(test.name)Tests", dependencies: uses.map { .target(name: $0) }, swiftSettings: swiftSettings)
    }
)
