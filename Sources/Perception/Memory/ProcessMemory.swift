import CLinux
import Glibc

/// The memory of a running process, opened for reading only.
///
/// Holds `/proc/PID/mem` (which goes dead when the process execs or ends) and a pidfd (which becomes readable when it
/// ends), so that a process that got the same number later is never read by mistake.
public final class ProcessMemory: MemorySource {
  public let pid: pid_t
  /// In clock ticks since boot; with the pid it names one process for ever.
  public let startTime: UInt64
  private let memory: Int32
  private let pidfd: Int32
  public private(set) var callCount = 0

  /// Most ranges in one call (IOV_MAX).
  private static let rangesMax = 1_024

  /// - Throws: `AttachError` when there is no such process or it may not be read.
  public init(pid: pid_t) throws(AttachError) {
    self.pid = pid
    guard let start = ProcessFile.startTime(pid: pid) else { throw .noProcess(pid) }
    startTime = start
    pidfd = linux_pidfd_open(pid)
    guard pidfd >= 0 else { throw errno == ESRCH ? .noProcess(pid) : .system("pidfd_open", errno) }
    memory = open("/proc/\(pid)/mem", O_RDONLY | O_CLOEXEC)
    if memory < 0 {
      let cause = errno
      close(pidfd)
      throw cause == EACCES || cause == EPERM ? .refused(pid, Self.whyRefused(pid)) : .noProcess(pid)
    }
    // Opening may succeed where reading does not (capabilities); any mapped byte tells.
    guard let first = ModuleMap.read(pid: pid).regions.first(where: \.isReadable) else {
      close(pidfd)
      close(memory)
      throw .refused(pid, Self.whyRefused(pid))
    }
    var byte: UInt8 = 0
    let isReadable = withUnsafeMutableBytes(of: &byte) { buffer in
      var local = iovec(iov_base: buffer.baseAddress, iov_len: 1)
      var remote = iovec(iov_base: UnsafeMutableRawPointer(bitPattern: UInt(first.start)), iov_len: 1)
      return linux_process_vm_readv(pid, &local, 1, &remote, 1) == 1
    }
    guard isReadable else {
      close(pidfd)
      close(memory)
      throw .refused(pid, Self.whyRefused(pid))
    }
  }

  deinit {
    close(memory)
    close(pidfd)
  }

  public func read(
    _ ranges: UnsafeBufferPointer<MemoryRange>, into buffer: UnsafeMutableRawBufferPointer
  ) -> ReadOutcome {
    var done = 0
    var first = 0
    while first < ranges.count {
      let part = UnsafeBufferPointer(rebasing: ranges[first..<min(ranges.count, first + Self.rangesMax)])
      let wanted = part.reduce(0) { $0 + Int(clamping: $1.count) }
      guard let start = buffer.baseAddress, wanted <= buffer.count - done else { return .bytes(done) }
      var local = iovec(iov_base: start + done, iov_len: wanted)
      callCount += 1
      // A memory range and an iovec are both an address and a count of 64 bits.
      let got = part.withMemoryRebound(to: iovec.self) { remote in
        linux_process_vm_readv(pid, &local, 1, remote.baseAddress, UInt(remote.count))
      }
      if got < 0 { return errno == ESRCH ? .gone : .bytes(done) }
      done += got
      if got < wanted { return .bytes(done) }
      first += part.count
    }
    return .bytes(done)
  }

  public func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> ReadOutcome {
    guard let offset = off_t(exactly: address) else { return .bytes(0) }
    callCount += 1
    let got = pread(memory, buffer.baseAddress, buffer.count, offset)
    // Zero without an error: the process execed or ended.
    if got == 0 { return .gone }
    return .bytes(got == buffer.count ? got : 0)
  }

  public func pause(microseconds: UInt32) {
    usleep(microseconds)
  }

  /// Waits until the process ends, at most so many milliseconds (-1: for ever).
  public func waitForExit(milliseconds: Int32) -> Bool {
    var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, milliseconds) > 0
  }

  private static func whyRefused(_ pid: pid_t) -> RefusedReason {
    if let owner = ProcessFile.owner(pid: pid), owner != geteuid(), geteuid() != 0 { return .otherUser(owner) }
    if let scope = ProcessFile.line("/proc/sys/kernel/yama/ptrace_scope"), scope != "0" {
      return .yama(Int(scope) ?? 1)
    }
    return .notDumpable
  }
}
