// WorldModel: what snapshots say together: tracks, threats, social groups, time-to-death; updated once per tick.
