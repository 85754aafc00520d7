// Sandbox: the sandbox client: window, keys, asset writer.
