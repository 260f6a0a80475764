"""The HTTP interface: one small file per group of addresses. Routes call the engine and show what it returns."""
