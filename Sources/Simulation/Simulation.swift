// Simulation: the closed loop on a virtual clock.
