"""Answers practitioners' questions from study findings and transcripts, and cites the evidence for every claim.

Importing this package does nothing: no network, no folder, no model.
"""

__version__ = "0.1.0"
