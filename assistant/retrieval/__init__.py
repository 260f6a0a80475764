"""Question to evidence: find, fuse, widen by the coding, and decide whether to answer."""
