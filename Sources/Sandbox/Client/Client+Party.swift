import CLinux
import Core
import Glibc
import SandboxMirror
import World

// The client as one of several: it steps its copy of the world as the server says.
extension Client {
  /// Plays until somebody ends it or the server goes.
  mutating func follow(_ link: PartyLink) throws -> ClientEnd {
    let last = options.duration.map { linux_monotonic_nanoseconds() + Int64($0 * 1_000_000_000) } ?? .max
    var lastStep = linux_monotonic_nanoseconds()
    var messages: [PartyMessage] = []
    while true {
      var polls = [
        pollfd(fd: link.socket.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: window.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      _ = linux_poll(&polls, 2, 50_000)
      messages.removeAll(keepingCapacity: true)
      let isThere = link.receive { messages.append($0) }
      for message in messages {
        try follow(message)
        if case .step = message { lastStep = linux_monotonic_nanoseconds() }
      }
      takeEvents()
      sendKeys(to: link, since: lastStep)
      if !isThere { end = end ?? .serverLost }
      let now = linux_monotonic_nanoseconds()
      draw(now)
      if let end = isOver(now, last: last) { return end }
    }
  }

  private mutating func follow(_ message: PartyMessage) throws {
    switch message {
    case .step(let index, let inputs):
      guard index > world.stepIndex, index - world.stepIndex < 1 << 24 else { return }
      while world.stepIndex < index {
        world.step(world.stepIndex == index - 1 ? inputs : [])
        mirror.noteChat(world, player: player)
        takeChat()
      }
      mirror.write(world, player: player)
    case .hash(let step, let hash):
      guard step != world.stepIndex || hash == world.stateHash else {
        throw SandboxFailure.server("this client's world differs from the server's at step \(step)")
      }
    case .hello, .input, .welcome, .refusal: break
    }
  }

  /// What the keyboard did goes out at once, with its time since the step that the server began last.
  private mutating func sendKeys(to link: PartyLink, since start: Int64) {
    for (time, event) in pending {
      let within = Int(Double(max(0, time - start)) * link.terms.speed / 1000)
      link.socket.send(.input(microsecond: min(World.stepMicroseconds - 1, within), event))
    }
    pending.removeAll(keepingCapacity: true)
    link.socket.flush()
  }
}
