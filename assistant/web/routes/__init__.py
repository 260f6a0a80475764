"""The HTTP interface, one small file per group of addresses. Routes only show what the engine returns."""
