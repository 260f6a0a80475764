"""The ideas of the studies at work: conditions, fitting mechanisms, the spectrum, and reach."""
