import Core
import Foundation
import SessionAnalysis
import Telemetry
import TestSupport
import Testing

@Suite struct ExportTests {
  /// Runs Python with `script`; nil when there is no Python with `module`.
  private func python(_ module: String, _ script: String, _ path: String) throws -> Finished? {
    let own = Repository.root.appending(path: ".build/python/bin/python").path
    let interpreters = [ProcessInfo.processInfo.environment["COMPASS_PYTHON"] ?? own, "/usr/bin/python3"]
    for interpreter in interpreters where FileManager.default.isExecutableFile(atPath: interpreter) {
      let program = URL(filePath: interpreter)
      guard try run(program, ["-c", "import \(module)"]).status == 0 else { continue }
      return try run(program, ["-c", script, path])
    }
    print("skipped: no Python with \(module) (Tools/setup installs it where PyPI is in reach)")
    return nil
  }

  private func withSession(_ body: (String, URL) throws -> Void) throws {
    let folder = try Repository.temporaryDirectory("export")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appending(path: "s").path
    var session = SyntheticSession()
    session.ticks = 1500
    try session.write(to: directory)
    try body(directory, folder)
  }

  @Test func `an independent reader accepts the MCAP export with all checksums`() throws {
    try withSession { directory, folder in
      let path = folder.appending(path: "a.mcap").path
      try MCAPExport.write(directory, to: path)
      let script = """
        import sys
        from mcap.reader import make_reader
        from mcap.stream_reader import StreamReader
        f = open(sys.argv[1], "rb")
        r = make_reader(f, validate_crcs=True)
        counts = {c.topic: r.get_summary().statistics.channel_message_counts[i] for i, c in r.get_summary().channels.items()}
        assert counts["/tick"] == 1500, counts
        assert sum(1 for _ in r.iter_messages(topics="/tick")) == 1500
        times = [m.log_time for _, _, m in r.iter_messages()]
        assert times == sorted(times)
        f.seek(0)
        assert sum(1 for _ in StreamReader(f, validate_crcs=True).records) > 1500
        """
      if let result = try python("mcap", script, path) { #expect(result.status == 0, "\(result.errors)") }
    }
  }

  @Test func `the checker of another viewer finds nothing wrong with the MCAP export`() throws {
    try withSession { directory, folder in
      let path = folder.appending(path: "a.mcap").path
      try MCAPExport.write(directory, to: path)
      let script = """
        import os, subprocess, sys, sysconfig
        program = sysconfig.get_path("scripts") + "/rerun"
        os.environ["HOME"] = os.environ["XDG_CONFIG_HOME"] = os.path.dirname(sys.argv[1])
        subprocess.run([program, "analytics", "disable"], capture_output=True)
        rerun = [program, "mcap", "check"]
        good = subprocess.run(rerun + [sys.argv[1]], capture_output=True, text=True)
        assert good.returncode == 0, good.stdout + good.stderr
        bytes = bytearray(open(sys.argv[1], "rb").read())
        bytes[len(bytes) // 3] ^= 0xFF
        open(sys.argv[1], "wb").write(bytes)
        bad = subprocess.run(rerun + [sys.argv[1]], capture_output=True, text=True)
        assert bad.returncode != 0, "damage goes unnoticed: " + bad.stdout + bad.stderr
        """
      if let result = try python("rerun", script, path) { #expect(result.status == 0, "\(result.errors)") }
    }
  }

  @Test func `DuckDB answers the questions of the documentation from the logs as they are`() throws {
    try withSession { directory, _ in
      let page = try String(contentsOf: Repository.root.appending(path: "Documentation/sessions.md"), encoding: .utf8)
      let parts = page.components(separatedBy: "```sql\n").dropFirst()
      let queries = parts.compactMap { $0.components(separatedBy: "```").first }
      #expect(queries.count >= 4)
      for query in queries {
        let text = query.replacing("SESSION/", with: "\(directory)/")
        let script = "import duckdb, sys; r = duckdb.sql(sys.argv[1]).fetchall(); print(r); assert len(r) > 0"
        if let result = try python("duckdb", script, text) { #expect(result.status == 0, "\(text)\(result.errors)") }
      }
    }
  }

  @Test func `the Perfetto export parses and its slices balance`() throws {
    try withSession { directory, folder in
      let path = folder.appending(path: "a.pftrace").path
      try PerfettoExport.write(directory, to: path)
      let script = """
        import sys
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as p
        t = p.Trace(); t.ParseFromString(open(sys.argv[1], "rb").read())
        depth = {}
        for q in t.packet:
            if q.HasField("track_event"):
                e = q.track_event
                step = {1: 1, 2: -1}.get(e.type, 0)
                depth[e.track_uuid] = depth.get(e.track_uuid, 0) + step
                assert depth[e.track_uuid] >= 0
        assert len(t.packet) > 1500 * 8 and all(v == 0 for v in depth.values()), depth
        """
      if let result = try python("perfetto", script, path) { #expect(result.status == 0, "\(result.errors)") }
    }
  }

  @Test func `the SQLite export answers questions`() throws {
    try withSession { directory, folder in
      let path = folder.appending(path: "a.db").path
      try SQLiteExport.write(directory, to: path)
      let script = """
        import sqlite3, sys
        d = sqlite3.connect(sys.argv[1])
        one = lambda q: d.execute(q).fetchone()[0]
        assert one("pragma integrity_check") == "ok"
        assert one("select count(*) from tick") == 1500
        assert one("select count(*) from event where key = 'encounter.end'") == 2
        assert one("select count(distinct rule) from verdict") == 19
        assert one("select value from session where name = 'defeats'") == 2
        """
      if let result = try python("sqlite3", script, path) { #expect(result.status == 0, "\(result.errors)") }
    }
  }

  @Test func `the format file makes lnav understand every line of all four tiers`() throws {
    let lnav = URL(filePath: "/usr/bin/lnav")
    guard FileManager.default.isExecutableFile(atPath: lnav.path) else {
      print("skipped: no lnav (Tools/setup installs it)")
      return
    }
    try withSession { directory, folder in
      let home = folder.appending(path: "home")
      try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
      let environment = ["HOME": home.path, "XDG_CONFIG_HOME": home.path, "TERM": "xterm"]
      let format = Repository.root.appending(path: "Documentation/compass_log.json").path
      #expect(try TestSupport.run(lnav, ["-i", format], environment: environment).status == 0)
      let log = "\(directory)/session_debug.log"
      let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
      let query = ";SELECT count(*), count(DISTINCT log_level), max(tick) FROM compass_log"
      let finished = try TestSupport.run(
        lnav, ["-n", "-c", query, "-c", ":write-csv-to -", log], environment: environment)
      #expect(finished.output.contains("\(lines),4,1499"), "\(finished.output)\(finished.errors)")
    }
  }

  @Test func `an extract holds its ticks, and a bundle without names holds none`() throws {
    try withSession { directory, folder in
      let part = folder.appending(path: "part").path
      #expect(try Extract.write(directory, ticks: 200...700, to: part) == 701)
      let session = try readSession(part)
      #expect(session.firstTick == 200 && session.lastTick == 700 && session.ticks == 501)
      #expect(try Why.tick(650, of: part) == Why.tick(650, of: directory))
      #expect(throws: SessionsFailure.self) { try Extract.write(directory, ticks: 0...1, to: part) }
      let archive = folder.appending(path: "b.tar.zst").path
      let bundle = try SessionBundle.write(directory, to: archive, isAnonymous: true)
      #expect(bundle.names.contains("session_events.jsonl") && !bundle.names.contains("session.record"))
      #expect(bundle.replay?.contains("cannot be replayed") == true)
      let zstd = URL(filePath: "/usr/bin/zstd")
      guard FileManager.default.isExecutableFile(atPath: zstd.path) else { return }
      let text = try run(zstd, ["-dc", archive]).output
      #expect(text.contains("encounter.end") && !text.contains("wolf") && !text.contains("a bear"))
    }
  }
}
