"""Where passages are kept and found: the library is the truth, every search index is a cache built from it."""
