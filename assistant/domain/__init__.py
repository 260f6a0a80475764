"""What the assistant talks about: frozen values without I/O and without third-party libraries."""
