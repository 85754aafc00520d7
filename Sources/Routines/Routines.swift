// Routines: how it is done: routines (enter, tick, exit), tasks, combat strategies.
