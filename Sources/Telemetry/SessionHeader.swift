import Core

/// What a session was run with: enough to understand it, and to run it again.
public struct SessionHeader: Sendable {
  /// A data file or folder that decisions depend on, with the hash of its bytes.
  public struct DataHash: Hashable, Sendable {
    public var name: String
    public var hash: UInt64

    public init(_ name: String, _ hash: UInt64) {
      self.name = name
      self.hash = hash
    }
  }

  /// Where the ticks came from.
  public enum Mode: String, Sendable, CaseIterable {
    case live, simulated, replayed
  }

  public var mode: Mode
  public var version: String
  /// What tells this build from others, such as a commit or the hash of the executable.
  public var build: String
  /// Name or directory of the environment, as `--environment` takes it.
  public var environment: String
  public var layout: String
  public var seed: UInt64
  /// Selection phase at start (0-4).
  public var phase: UInt8
  /// The agent's whole configuration, as the text that it can be loaded from; empty for the defaults.
  public var configuration: String
  public var dataHashes: [DataHash]
  /// Learned state at start, in its owner's form; empty when there is none.
  public var learned: [UInt8]
  /// Free words on where it ran (host, kernel, process id of the target).
  public var notes: [String]

  public init(
    mode: Mode, version: String, build: String = "", environment: String, layout: String = "", seed: UInt64,
    phase: UInt8 = 2, configuration: String = "", dataHashes: [DataHash] = [], learned: [UInt8] = [],
    notes: [String] = []
  ) {
    self.mode = mode
    self.version = version
    self.build = build
    self.environment = environment
    self.layout = layout
    self.seed = seed
    self.phase = phase
    self.configuration = configuration
    self.dataHashes = dataHashes
    self.learned = learned
    self.notes = notes
  }
}

/// How a session ended.
public struct SessionSummary: Sendable {
  /// Why it ended, as stable text: `duration`, `signal`, `target.exited` …
  public var reason: String
  /// Numbers that the program counted itself (`defeats`, `world_step`, …), by name.
  public var figures: [(name: String, value: Double)]

  public init(reason: String, figures: [(name: String, value: Double)] = []) {
    self.reason = reason
    self.figures = figures
  }
}

/// Why a session cannot be written or read.
public enum SessionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The directory already holds a session.
  case exists(String)
  case cannotCreate(String, errno: Int32)
  /// There is no session in the directory.
  case notASession(String)
  case unreadable(String, cause: String)
  /// Another process is writing it.
  case inUse(String)

  public var description: String {
    switch self {
    case .exists(let path): "\(path) already holds a session; name another directory"
    case .cannotCreate(let path, let code): "cannot create \(path): \(errorText(code))"
    case .notASession(let path): "\(path) holds no session (no \(SessionFileName.header))"
    case .unreadable(let path, let cause): "\(path): \(cause)"
    case .inUse(let path): "\(path) is being written by another process"
    }
  }
}
