"""Answers practitioners' questions from study findings and transcripts, and cites its evidence.

Importing this package does nothing: no network, no folder, no model.
"""

__version__ = "0.1.0"
