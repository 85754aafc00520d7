import Glibc

/// Why a process may not be read.
public enum RefusedReason: Hashable, Sendable {
  case otherUser(uid_t)
  /// `/proc/sys/kernel/yama/ptrace_scope`.
  case yama(Int)
  /// Set-uid, or it called `prctl(PR_SET_DUMPABLE, 0)`.
  case notDumpable
}

/// Why a target could not be attached. The text says what to do.
public enum AttachError: Error, Hashable, Sendable {
  case noProcess(pid_t)
  case refused(pid_t, RefusedReason)
  /// No mapped file of the process fits the layout's module path.
  case noModule(path: String)
  case wrongBuild(module: String, found: String?, wanted: [String])
  case anchor(String, cause: String)
  /// The identity bytes are not there.
  case wrongIdentity(layout: String)
  case system(String, Int32)
}

extension AttachError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noProcess(let pid): return "there is no process \(pid)"
    case .refused(let pid, .otherUser(let owner)):
      return """
        process \(pid) belongs to user \(owner), this is user \(geteuid()): run compassd as that user \
        (sudo -u '#\(owner)' compassd …), or give it the right to read: \
        sudo setcap cap_sys_ptrace,cap_dac_override+ep $(command -v compassd)
        """
    case .refused(let pid, .yama(let scope)):
      return """
        the kernel refuses to let process \(pid) be read (kernel.yama.ptrace_scope is \(scope)): \
        sudo sysctl kernel.yama.ptrace_scope=0, or sudo setcap cap_sys_ptrace,cap_dac_override+ep $(command -v compassd)
        """
    case .refused(let pid, .notDumpable):
      return """
        process \(pid) is marked as not dumpable, so only root may read it: run compassd as root, \
        or sudo setcap cap_sys_ptrace,cap_dac_override+ep $(command -v compassd)
        """
    case .noModule(let path): return "the process has no mapped file that fits \"\(path)\""
    case .wrongBuild(let module, let found, let wanted):
      return """
        \(module) has build id \(found ?? "none"), the layout is for \(wanted.joined(separator: ", ")): \
        the program was updated, and the layout must be made anew
        """
    case .anchor(let name, let cause): return "anchor \"\(name)\": \(cause)"
    case .wrongIdentity(let layout): return "the identity bytes of layout \"\(layout)\" are not there"
    case .system(let call, let number): return "\(call): \(String(cString: strerror(number)))"
    }
  }
}
