// LiveView: what the daemon shows of itself while it runs — a page, figures for Prometheus, health, text for a terminal.
//
// The tick thread fills a `LiveFrame` and hands it over through `LiveMailbox`, a single slot without locks. `LiveServer`
// answers on a thread of its own, from the newest frame; it has no way back to the agent. It listens on a socket file
// in the user's runtime directory, and on a loopback port where one is asked for; it answers GET only, and only the
// user that runs the daemon, root, or whoever shows the token of the daemon's token file.
