"""How good the answers are: cases, metrics, runs, comparisons, reports and human review.

Nothing here changes an answer; it only asks, measures and says how sure it is.
"""
