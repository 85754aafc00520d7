// Agent: one tick of everything, deterministic.
