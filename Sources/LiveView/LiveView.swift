// LiveView: the loopback page, metrics and health, fed by published values. Not built yet: this target is empty, and
// `compassd status` is what there is.
