/// Do pulls bring a fight?
struct PullCheck: SessionCheck {
  let name = "pulls"

  func check(_ session: SessionDigest) -> CheckResult {
    guard let pulls = session.success("pull.result"), pulls.of >= 5 else {
      return CheckResult(.notApplicable, "fewer than five pulls")
    }
    let failed = 1 - Double(pulls.ok) / Double(pulls.of)
    var reasons: [String: Int] = [:]
    for event in session.all("pull.result") {
      if let failure = event.field("failure") { reasons[failure, default: 0] += 1 }
    }
    let worst = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return CheckResult(
      verdict(failed, warn: 0.3, fail: 0.6),
      "\(pulls.ok) of \(pulls.of) pulls succeeded" + (worst.map { ", most failed by \($0.key): \($0.value)" } ?? ""),
      value: failed, threshold: 0.3)
  }
}
