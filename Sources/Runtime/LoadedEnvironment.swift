import Agent
import Command
import Core
import Foundation
import Lore
import Motor
import Perception
import Routines

/// An environment with everything in it read and checked.
public struct LoadedEnvironment: Sendable {
  public let file: EnvironmentFile
  public let lore: Lore
  public let bindings: KeyBindings
  /// In the order in which they are tried.
  public let layouts: [LayoutPlan]

  /// - Throws: `CommandError` with exit code 66 for an unknown environment, 78 with every fault of its files.
  public init(_ nameOrPath: String) throws {
    do {
      file = try EnvironmentFile.find(nameOrPath)
    } catch let error as UnknownEnvironment {
      throw CommandError(.noInput, error.description)
    } catch {
      throw CommandError(.badConfiguration, "\(error)")
    }
    var faults: [String] = []
    func checked<Value>(_ body: () throws -> Value) -> Value? {
      do {
        return try body()
      } catch {
        faults.append("\(error)")
        return nil
      }
    }
    func bytes(_ url: URL) throws -> [UInt8] {
      guard let bytes = ProcessFile.bytes(url.path) else { throw DataError(file: url.path, cause: "cannot be read") }
      return bytes
    }
    let file = file
    let lore = checked { try Lore.load(environment: file) }
    let bindings = checked { try KeyBindings.parse(bytes(file.keys), file: file.keys.path) }
    let layouts = file.layouts.compactMap { url in
      checked { try LayoutPlan(layout: try Layout.parse(bytes(url), file: url.path)) }
    }
    guard let lore, let bindings, faults.isEmpty else {
      throw CommandError(.badConfiguration, faults.joined(separator: "\n"))
    }
    self.lore = lore
    self.bindings = bindings
    self.layouts = layouts
  }

  /// How the environment's body answers to its keys.
  public var body: BodyProfile { BodyProfile(turnRate: file.turnRate, runSpeed: file.runSpeed) }
}
