import Command
import Core
import Glibc
import Motor
import Nav
import Perception

/// Checks what a run needs, one finding each, with what to do.
public enum Doctor {
  public struct Finding: Sendable {
    public var what: String
    public var isGood: Bool
    public var detail: String
    public var code: ExitCode
  }

  public static func examine(
    environment name: String, pid: Int32?, display: String?, guardCommand: [String]
  ) -> [Finding] {
    var findings: [Finding] = []
    func good(_ what: String, _ detail: String) {
      findings.append(Finding(what: what, isGood: true, detail: detail, code: .success))
    }
    func bad(_ what: String, _ error: any Error, _ code: ExitCode) {
      let code = (error as? CommandError)?.code ?? code
      findings.append(Finding(what: what, isGood: false, detail: "\(error)", code: code))
    }
    let environment: LoadedEnvironment
    do {
      environment = try LoadedEnvironment(name)
      good("environment", "\(environment.file.name), \(environment.layouts.count) layouts, no faults")
    } catch {
      bad("environment", error, .badConfiguration)
      return findings
    }
    for zone in environment.lore.zones {
      let path = environment.file.terrain(zone: zone.name).path
      do {
        let terrain = try Terrain(path: path)
        good("terrain \(zone.name)", "\(terrain.byteCount / 1024) KiB")
      } catch {
        bad(
          "terrain \(zone.name)",
          CommandError(
            .noInput, "\(error); run: compass-terrain rebuild --environment \(environment.file.name)"), .noInput)
      }
    }
    if let fault = RuntimeDirectory.create() {
      bad("runtime directory", CommandError(.cannotCreate, fault), .cannotCreate)
    } else {
      good("runtime directory", RuntimeDirectory.path)
    }
    var options = DaemonOptions(environment: name, guardCommand: guardCommand)
    options.pid = pid
    var target: Int32?
    do {
      let found = try Attachment.find(options, environment)
      target = found
      let attachment = try Attachment(pid: found, environment: environment)
      let snapshot = try attachment.reader.read(tick: .start)
      good(
        "target",
        "process \(found), layout \(attachment.layout), \(snapshot.state.spawns.count) spawns, \(snapshot.state.validity)"
      )
    } catch {
      bad("target", error, .unavailable)
    }
    guard let display else {
      bad("display", CommandError(.unavailable, "none; name one with --display :N or set DISPLAY"), .unavailable)
      return findings
    }
    do {
      let motor = try LiveMotor(
        .init(
          display: display, bindings: environment.bindings, window: environment.file.window, pid: target ?? 0,
          guardCommand: guardCommand))
      usleep(200_000)
      let report = motor.report()
      motor.stop()
      good("display", "\(display), XTest, guard stands by")
      let key = environment.bindings.killSwitchName
      if motor.hasKillSwitch {
        good("kill switch", "the key \(key) disarms, whichever window has the focus")
      } else {
        let cause = "the keyboard of \(display) has no key \(key); name another in keys.json (kill_switch)"
        bad("kill switch", CommandError(.unavailable, cause), .unavailable)
      }
      if report.hasFocus {
        good("focus", "the target's window \"\(environment.file.window)\" has it")
      } else {
        bad(
          "focus",
          CommandError(.unavailable, "no window \"\(environment.file.window)\" of the target has it; click into it"),
          .unavailable)
      }
    } catch {
      bad("display", error, .unavailable)
    }
    return findings
  }
}
