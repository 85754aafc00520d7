// Nav: the ground: the mapped terrain file, searches, line of sight, waypoint and zone graphs, path following.
//
//     let navigator = Navigator(floors: terrain.floors)
//     switch navigator.path(from: me, to: camp, danger: field) {
//     case .complete(let path): follower = PathFollower(path)
//     case .partial(let path, let closest, let reason): …      // the best leg there is, and why it ends there
//     case .none(let failure): …
//     }
//
// Invariants: every cost is seconds of travel (danger counts as seconds too); a search is deterministic, works in
// memory that it keeps, and never visits more nodes than its budget; a path without reason does not exist.
// Absent on purpose: enemies, mana, rules, clocks.
