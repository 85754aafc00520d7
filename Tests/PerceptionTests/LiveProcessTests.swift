import CLinux
import Core
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Perception

@Suite(.serialized) struct LiveProcessTests {
  @Test func `reads another process in one call a tick`() throws {
    let target = try ExampleTarget(["200", "60"])
    let reader = try target.reader()
    var calls: [Int] = []
    for tick in 0..<100 {
      let snapshot = try reader.read(tick: Tick(tick))
      #expect(snapshot.state.spawns.count == 200)
      if !snapshot.isTorn { #expect(snapshot.state.validity != .partial) }
      if snapshot.retryCount == 0 { calls.append(snapshot.callCount) }
      usleep(1_000)
    }
    #expect(calls.dropFirst().allSatisfy { $0 == 1 })
  }

  @Test(arguments: [["200", "60"], ["200", "60", "churn"], ["500", "1000", "churn"], ["200", "0", "churn"]])
  func `no torn snapshot is ever accepted`(_ arguments: [String]) throws {
    let target = try ExampleTarget(arguments)
    let reader = try target.reader()
    var accepted = 0
    for tick in 0..<(arguments[1] == "0" ? 300 : 600) {
      let snapshot = try reader.read(tick: Tick(tick))
      guard !snapshot.isTorn else { continue }
      accepted += 1
      let first = try #require(snapshot.state.spawns.first).position.x
      let isWhole = snapshot.state.spawns.allSatisfy {
        $0.position == Position(first, first, first)
      }
      #expect(isWhole && snapshot.state.player.position?.x == first, "tick \(tick)")
      // Reading faster than the target draws looks stale; that is no fault here.
      #expect(snapshot.state.validity != .partial && snapshot.state.spawns.count == Int(arguments[0]))
    }
    // A writer that never rests leaves next to no gap between two frames.
    #expect(accepted > 0 || arguments[1] == "0")
  }

  @Test func `sees the end of the process at once`() throws {
    let target = try ExampleTarget(["20", "60"])
    let memory = try ProcessMemory(pid: target.pid)
    let reader = try target.reader()
    _ = try reader.read(tick: Tick(0))
    #expect(!memory.waitForExit(milliseconds: 0))
    kill(target.pid, SIGKILL)
    let before = linux_monotonic_nanoseconds()
    #expect(memory.waitForExit(milliseconds: 1_000))
    #expect(linux_monotonic_nanoseconds() - before < 500_000_000)
    target.process.waitUntilExit()
    #expect(throws: SnapshotError.gone) { try reader.read(tick: Tick(1)) }
  }

  @Test func `an exec is never read as if it were the program before`() throws {
    let target = try ExampleTarget(["20", "60"])
    let reader = try target.reader()
    _ = try reader.read(tick: Tick(0))
    kill(target.pid, SIGUSR1)
    let hasFailed = eventually {
      do {
        return try reader.read(tick: Tick(1)).state.validity != .valid
      } catch {
        return true
      }
    }
    #expect(hasFailed)
  }

  @Test func `a stopped process is stale after ten reads and valid again when it goes on`() throws {
    let target = try ExampleTarget(["20", "100"])
    let reader = try target.reader()
    _ = try reader.read(tick: Tick(0))
    kill(target.pid, SIGSTOP)
    var validity = SnapshotValidity.valid
    for tick in 1...15 { validity = try reader.read(tick: Tick(tick)).state.validity }
    #expect(validity == .stale)
    kill(target.pid, SIGCONT)
    #expect(try eventually { try reader.read(tick: Tick(20)).state.validity == .valid })
  }

  @Test func `finds anchors by signature and by offset as well`() throws {
    let target = try ExampleTarget(["5", "60"])
    let memory = try ProcessMemory(pid: target.pid)
    let good = try exampleLayoutText()
    func addresses(_ from: String, _ to: String) throws -> [UInt64] {
      let text = good.replacingOccurrences(of: from, with: to)
      #expect(text != good)
      return try AnchorResolver(memory: memory).addresses(for: try Layout.parse(text, file: "example.json"))
    }
    let bySymbol = try AnchorResolver(memory: memory).addresses(for: try Layout.parse(good, file: "example.json"))
    let bySignature = try addresses("{\"symbol\": \"example_root\"},", "{\"symbol\": \"gone\"},")
    #expect(bySignature == bySymbol)
    let start = try #require(ModuleMap.read(pid: target.pid).module(matching: "*/example-target")).regions[0].start
    let byOffset = try addresses("{\"symbol\": \"example_root\"}", "{\"module\": \(bySymbol[0] - start)}")
    #expect(byOffset == bySymbol)
    #expect(throws: AttachError.self) { try addresses("*/example-target", "*/other-program") }
    #expect(throws: AttachError.self) { try addresses("\"build_ids\": []", "\"build_ids\": [\"00ff\"]") }
  }

  @Test func `a layout for another build is refused, by its build id or by its identity`() throws {
    let target = try ExampleTarget(["5", "60"])
    let wrong = try exampleLayoutText().replacingOccurrences(of: "000102030405", with: "ff0102030405")
    #expect(throws: AttachError.wrongIdentity(layout: "example")) { try target.reader(wrong) }
    let memory = try ProcessMemory(pid: target.pid)
    let text = try exampleLayoutText().replacingOccurrences(
      of: "\"build_ids\": []", with: "\"build_ids\": [\"00ff\"]")
    do {
      _ = try AnchorResolver(memory: memory).addresses(for: try Layout.parse(text, file: "example.json"))
      Issue.record("a wrong build id was taken")
    } catch let error as AttachError {
      #expect(error.description.contains("the program was updated"), "\(error)")
    }
  }

  @Test func `says what to do when reading is refused`() throws {
    guard geteuid() == 0 else {
      print("skipped: only root can play two users")
      return
    }
    let nobody: uid_t = 65_534
    let undumpable = try ExampleTarget(
      ["5", "60", "undumpable"], prefix: ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups"])
    let other = try ExampleTarget(["5", "60"])
    func refusal(_ pid: pid_t) -> AttachError? {
      onOwnThread { () -> AttachError? in
        // The raw call changes this thread alone; the thread ends with its new user.
        #expect(linux_thread_set_user(nobody) == 0)
        do throws(AttachError) {
          _ = try ProcessMemory(pid: pid)
          return nil
        } catch {
          return error
        }
      }
    }
    #expect(refusal(undumpable.pid) == .refused(undumpable.pid, .notDumpable))
    #expect(refusal(other.pid) == .refused(other.pid, .otherUser(0)))
    for error in [
      AttachError.refused(1, .notDumpable), .refused(1, .otherUser(0)), .refused(1, .yama(1)),
    ] {
      #expect(error.description.contains("setcap cap_sys_ptrace"), "\(error)")
    }
    #expect(throws: AttachError.noProcess(0x3F_FFFF)) { try ProcessMemory(pid: 0x3F_FFFF) }
  }
}

/// Runs `body` on a thread that ends afterwards.
private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
  let result = ThreadResult<Value>()
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    result.value.withLock { $0 = body() }
    done.signal()
  }
  thread.start()
  done.wait()
  guard let value = result.value.withLock({ $0 }) else { preconditionFailure("the thread left nothing") }
  return value
}

private final class ThreadResult<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
