// Brain: what to do: priority rules, target scoring, selectors, planner.
