// World: the sandbox's rules: a deterministic closed-loop simulation.
