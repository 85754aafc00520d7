import Telemetry

extension SessionDigest {
  /// Reads the session in `directory`.
  /// - Throws: `.notASession`.
  public static func read(_ directory: String) throws(SessionError) -> SessionDigest {
    let info = try SessionInfo.read(directory)
    var pass = DigestPass(SessionDigest(info: info))
    pass.readDecisions("\(directory)/\(SessionFileName.decisions)")
    pass.readEvents("\(directory)/\(SessionFileName.events)")
    return pass.finished()
  }
}

/// One pass over the lines of a session.
struct DigestPass {
  private var digest: SessionDigest
  private var line = JSONLine()
  private var lastTick: Int?
  private var lastTime = -Double.infinity
  private var stride = 1
  private var sinceSample = 0
  private var recent: [(routine: Int, tick: Int)] = []
  private var lastPlace: (x: Double, y: Double, zone: Int)?

  private static let samplesMax = 12_000
  private static let stretchesMax = 50_000
  private static let eventsMax = 50_000
  /// A tick that takes longer than this is an overrun. Unit: microseconds.
  static let overrunMicroseconds = 50_000.0

  init(_ digest: SessionDigest) {
    self.digest = digest
  }

  func finished() -> SessionDigest { digest }

  private mutating func read(_ path: String, _ take: (inout DigestPass, UnsafeRawBufferPointer) -> Bool) {
    guard let reader = LineReader(path) else {
      digest.reading.missingFiles.append(String(path.split(separator: "/").last ?? ""))
      return
    }
    reader.visit { bytes in
      guard !bytes.isEmpty else { return }
      digest.reading.lines += 1
      if !take(&self, bytes) { digest.reading.skipped += 1 }
    }
    digest.reading.tooLong += reader.longLines
    digest.reading.halfLines += reader.endsInHalfLine ? 1 : 0
    digest.reading.bytes += reader.bytesRead
  }

  // MARK: - Ticks

  mutating func readDecisions(_ path: String) {
    read(path) { $0.takeTick($1) }
  }

  private mutating func takeTick(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard line.parse(bytes), let tick = line.integer("tick"), tick >= 0, let time = line.number("t") else {
      return false
    }
    countTick(tick, time)
    let layer = line.text("layer") ?? "?"
    digest.layers[layer, default: 0] += 1
    if let rule = line.text("rule") { digest.rules[rule, default: 0] += 1 }
    if let hold = line.text("hold") { digest.holds[hold, default: 0] += 1 }
    let routine = routineIndex(line.text("routine"))
    digest.routineTicks[routine] += 1
    let busy = takeTimes(tick)
    takeDecision(tick: tick, time: time, routine: routine, layer: layer)
    takeVitals(tick: tick, time: time, routine: routine, busy: busy)
    takeVerdicts()
    return true
  }

  private mutating func countTick(_ tick: Int, _ time: Double) {
    digest.ticks += 1
    if digest.firstTick == nil { digest.firstTick = tick }
    if let last = lastTick {
      if tick <= last {
        digest.repeatedTicks += 1
      } else if tick > last + 1 {
        digest.missingTicks += tick - last - 1
        if digest.gaps.count < 100 { digest.gaps.append((last + 1, tick - 1)) }
      }
    }
    if time < lastTime { digest.backwardTimes += 1 }
    digest.seconds = max(digest.seconds, time)
    digest.lastTick = max(digest.lastTick, tick)
    lastTick = max(tick, lastTick ?? tick)
    lastTime = time
  }

  private mutating func routineIndex(_ name: String?) -> Int {
    guard let name else { return 0 }
    if let index = digest.routines.firstIndex(of: name) { return index }
    // A hostile log may invent names without end.
    guard digest.routines.count < 64 else { return 0 }
    digest.routines.append(name)
    digest.routineTicks.append(0)
    return digest.routines.count - 1
  }

  /// - Returns: microseconds of the whole tick.
  private mutating func takeTimes(_ tick: Int) -> Double {
    guard let times = line.triple("us") else { return 0 }
    digest.phases[0].add(times.0)
    digest.phases[1].add(times.1)
    digest.phases[2].add(times.2)
    let busy = times.0 + times.1 + times.2
    digest.busy.add(busy)
    if busy > Self.overrunMicroseconds {
      digest.overrunCount += 1
      if digest.overruns.count < 200 { digest.overruns.append((tick, busy / 1000)) }
    }
    if let late = line.number("late_us") { digest.late.add(late) }
    if let skipped = line.integer("skipped"), skipped > 0 { digest.skippedSlots += min(skipped, 1 << 30) }
    return busy
  }

  private mutating func takeDecision(tick: Int, time: Double, routine: Int, layer: String) {
    if let word = line.word("kind"), word.elementsEqual("change".utf8) { digest.changes += 1 }
    guard var last = digest.stretches.last, last.routine == routine, last.layer == layer else {
      if digest.stretches.count < Self.stretchesMax {
        digest.stretches.append(
          SessionDigest.Stretch(
            first: tick, last: tick, start: time, end: time + 0.1, routine: routine, layer: layer))
      } else {
        digest.stretchesLost += 1
      }
      takeReturn(routine, tick)
      return
    }
    last.last = tick
    last.end = time + 0.1
    digest.stretches[digest.stretches.count - 1] = last
  }

  /// A, B, A within three seconds is a return.
  private mutating func takeReturn(_ routine: Int, _ tick: Int) {
    if recent.last?.routine == routine { return }
    if recent.count >= 2, recent[recent.count - 2].routine == routine,
      let middle = recent.last, tick - middle.tick <= 30, routine != 0, middle.routine != 0
    {
      digest.returns += 1
      let names = [digest.routines[routine], digest.routines[middle.routine]].sorted()
      digest.returnPairs[names.joined(separator: " / "), default: 0] += 1
    }
    recent.append((routine, tick))
    if recent.count > 4 { recent.removeFirst() }
  }

  private mutating func takeVitals(tick: Int, time: Double, routine: Int, busy: Double) {
    let zone = line.integer("zone") ?? -1
    digest.zones[zone, default: 0] += 1
    let place = line.triple("at")
    let health = line.number("hp")
    if let health {
      if health < digest.lowestHealth?.health ?? .infinity { digest.lowestHealth = (tick, health) }
      if health < 0.25 { digest.lowHealthTicks += 1 }
    }
    if let level = line.integer("level") { digest.levels = (digest.levels?.first ?? level, level) }
    if let validity = line.text("validity") { digest.invalidTicks[validity, default: 0] += 1 }
    if let place {
      if let last = lastPlace, last.zone == zone {
        let (dx, dy) = (place.0 - last.x, place.1 - last.y)
        let step = (dx * dx + dy * dy).squareRoot()
        // Beyond 20 units a tick nobody walked: that was a death or a zone line.
        if step < 20 { digest.distance += step }
      }
      lastPlace = (place.0, place.1, zone)
    }
    sinceSample += 1
    guard sinceSample >= stride else { return }
    sinceSample = 0
    digest.samples.append(
      SessionDigest.Sample(
        tick: tick, time: time, x: place?.0 ?? .nan, y: place?.1 ?? .nan, zone: zone, health: health ?? -1,
        mana: line.number("mana") ?? -1, routine: routine, busyMicroseconds: busy))
    if digest.samples.count >= Self.samplesMax {
      digest.samples = digest.samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
    }
  }

  private mutating func takeVerdicts() {
    guard let verdicts = line.nested("verdicts") else { return }
    var declines = digest.declines
    JSONLine.elements(verdicts) { verdict in
      guard verdict.flag("ok") == false, let rule = verdict.text("rule"), let reason = verdict.text("reason"),
        declines.count < 64 || declines[rule] != nil
      else { return }
      var reasons = declines[rule, default: [:]]
      if reasons.count < 64 || reasons[reason] != nil { reasons[reason, default: 0] += 1 }
      declines[rule] = reasons
    }
    digest.declines = declines
  }

  // MARK: - Events

  mutating func readEvents(_ path: String) {
    read(path) { $0.takeEvent($1) }
  }

  private static let common: Set<String> = ["t", "tick", "time", "event", "subsystem"]

  private mutating func takeEvent(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard line.parse(bytes), let key = line.text("event"), let time = line.number("t") else { return false }
    guard digest.eventCounts.count < 200 || digest.eventCounts[key] != nil else { return false }
    digest.eventCounts[key, default: 0] += 1
    guard digest.events.count < Self.eventsMax else {
      digest.eventsLost += 1
      return true
    }
    let place = line.triple("at")
    digest.events.append(
      SessionDigest.Event(
        tick: line.integer("tick") ?? 0, time: time, key: key,
        fields: line.all.filter { !Self.common.contains($0.key) }, at: place.map { ($0.0, $0.1) }))
    return true
  }
}
