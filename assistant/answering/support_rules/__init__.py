"""Rules that hold a sentence against the evidence it claims to rest on."""
