"""A follow-up becomes a question that stands alone, by rules over what was said before."""
