// SandboxMirror: the world's state as the C structs of the sandbox client's memory, live or in an arena.
