"""Pure functions that protect: keys, limits and sanitising. Nothing here knows a web framework."""
