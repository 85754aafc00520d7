// Learning: what experience adds: encounter history, spatial memory, tuners, predictors, and their store.
