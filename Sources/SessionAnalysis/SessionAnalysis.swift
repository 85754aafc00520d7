// SessionAnalysis: reads sessions back. One pass over the JSON lines gives a `SessionDigest`; checks, the report, the
// page and comparisons are made from it. Replay and exports read `session.record`.
//
// Every reader takes half a last line, garbage lines and cut files as normal input, counts them, and says so.
