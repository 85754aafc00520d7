// Runtime: the live edge around `Agent.tick`.
//
// `Daemon` finds the target, checks layout and rights, starts the motor with its guard, and runs `DeadlineLoop` on a
// thread of its own. Only this target reads clocks, opens files and presses keys for the agent; it decides nothing.
