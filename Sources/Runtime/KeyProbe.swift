import Command
import Core
import Glibc
import Motor
import Perception

/// Holds the forward key in a window until it is ended: with `kill -9` and `kill -STOP` it shows that the guard works
/// on the display at hand.
public enum KeyProbe {
  public static let subcommand = "probe-guard"

  public static func run(
    display: String, keys: String, window: String, pid: Int32, guardCommand: [String]
  ) throws -> ExitCode {
    guard let bytes = ProcessFile.bytes(keys) else { throw CommandError(.noInput, "\(keys) cannot be read") }
    let bindings = try KeyBindings.parse(bytes, file: keys)
    let motor: LiveMotor
    do {
      motor = try LiveMotor(
        .init(display: display, bindings: bindings, window: window, pid: pid, guardCommand: guardCommand))
    } catch {
      throw CommandError(.unavailable, error.description)
    }
    Signals.install()
    while Signals.received == nil {
      motor.carryOut([.hold(.forward), .hold(.turnLeft)])
      usleep(100_000)
    }
    motor.stop()
    return .success
  }
}
