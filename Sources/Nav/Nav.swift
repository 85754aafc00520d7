// Nav: the ground: the mapped terrain file, searches, line of sight, waypoint and zone graphs, path following.
