"""Floor 0: what every room stands on and no city word enters: clock, ids, errors, coordinates, checks."""
