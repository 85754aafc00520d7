import Core
import Perception
import Testing

@testable import Brain

@Suite struct TargetBreakdownTests {
  @Test func `every candidate of a receipt answers with fifteen factors that make its score`() {
    var bench = Bench()
    bench.state.spawns += [
      Bench.npc(7, at: Position(80, 20)), Bench.npc(8, at: Position(-60, 90)), Bench.npc(9, at: Position(40, -70)),
    ]
    // Far too strong.
    bench.state.spawns[3].level = 60
    bench.ticks(4)
    #expect(bench.brain.targetBreakdown.last?.parts.allSatisfy { $0.points == 0 } == true, "nobody asked")
    bench.brain.explainsRejected = true
    bench.tick()
    let breakdown = bench.brain.targetBreakdown
    let candidates = bench.receipt.candidates
    #expect(candidates.map(\.id).sorted() == [7, 8, 9].map { EntityID($0) })
    #expect(breakdown.map(\.candidate) == candidates)
    #expect(breakdown.count(where: \.isChosen) == 1)
    for target in breakdown {
      #expect(target.parts.map(\.name) == TargetFactors.Factor.allCases.map { String(describing: $0) })
      #expect(target.parts.count == 15 && target.parts.allSatisfy { $0.points.isFinite && $0.weight == 1 })
      if target.candidate.reject == .none { #expect(abs(target.sum - target.candidate.score) < 1e-9) }
      #expect(target.parts.contains { $0.points != 0 })
      let pareto = target.parts.suffix(4).map(\.points)
      #expect(pareto.contains { $0 > 0 } == (target.candidate.reject == .none))
    }
    #expect(breakdown.first { $0.candidate.id == EntityID(9) }?.candidate.reject == .conTooHigh)
    // Who is attacked weighs nobody.
    bench.state.spawns[1].target = Bench.player
    bench.ticks(3)
    #expect(bench.receipt.candidates.isEmpty && bench.brain.targetBreakdown.isEmpty)
  }
}
