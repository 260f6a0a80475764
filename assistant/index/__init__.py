"""Where passages are kept and found: the library is the truth, every search index a cache built from it."""
