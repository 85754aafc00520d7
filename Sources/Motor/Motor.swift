// Motor: keys out: bindings, the XTest keyboard, timed releases, the key guard; recording and simulated keyboards.
