import Command
import Core
import Glibc
import Motor
import Telemetry

extension DaemonWorker {
  func detach(_ slot: Int) {
    motor?.releaseAll()
    motor?.stop()
    motor = nil
    attachment = nil
    lock = nil
    validTicks = 0
    zone = nil
    attachRefusals = []
    note(.fault(.targetExited))
    say("compassd: the target has exited; all keys are up")
    publish(pid: nil)
  }

  /// Tries once to attach anew, with every check. Each reason for which it fails is told once.
  func attach(_ slot: Int) {
    do {
      let pid = try Attachment.find(options, environment)
      let attachment = try Attachment(pid: pid, environment: environment)
      let lock = try TargetLock(pid: pid, startTime: attachment.memory.startTime)
      motor = try Self.motor(options, environment, display: display, pid: pid)
      self.attachment = attachment
      self.lock = lock
      lastSlot = slot
      attachRefusals = []
      note(.recovery(.targetExited))
      feed.noteAttachment()
      say("compassd: attached to process \(pid) with layout \(attachment.layout)")
      publish(pid: pid)
    } catch {
      let reason = (error as? CommandError)?.message ?? "\(error)"
      // A target that restarts for ever must not make this grow for ever.
      guard attachRefusals.count < 100, attachRefusals.insert(reason).inserted else { return }
      writer.log(.event, .runtime, "attach.refused", [("reason", .text(reason))])
      say("compassd: not attached: \(reason)")
    }
  }
}
