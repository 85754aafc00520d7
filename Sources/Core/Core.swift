// Core: the floor of plain values that every layer stands on.
//
// Time (`Tick`), space (`Position`, `Heading`), identity (`EntityID`, `ZoneID`, …), the contracts between layers
// (`Decision` down, `RoutineOutcome` up, `MotorCommand` out, `DecisionReceipt` for whoever asks why), a seeded
// generator, a stable hash, and data files that know their lines (`DataNode`).
//
// Absent on purpose: input and output, clocks, policy.
