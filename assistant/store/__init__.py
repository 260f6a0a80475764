"""Keeps what people want kept: diagnoses, relationships, trials, pairs, refusal counts. SQL lives here."""
