import Glibc

enum ProcessorCount {
  /// Processors that are switched on; at least 1.
  static var value: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
