// LiveView: the loopback page, metrics and health; fed by published values.
