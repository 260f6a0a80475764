"""Metrics: pure functions from what was asked and seen to a score, and one table that names them all."""
