"""Evidence to draft to answer: compose, check every sentence, seal with a receipt."""
