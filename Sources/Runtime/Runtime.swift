// Runtime: the live edge: deadline loop, attach, arming and HOLD, watchdogs, store.
