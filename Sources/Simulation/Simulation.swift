// Simulation: the closed loop on a virtual clock, in one process.
//
// The same world, memory mirror, decoding, agent and key schedule as live; only the clock, the display and the process
// boundary are missing. Nothing in it depends on addresses or on time: equal seeds give equal hashes.
