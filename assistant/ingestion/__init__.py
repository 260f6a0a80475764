"""Files to documents to passages. Knows nothing of how passages are stored or found."""
