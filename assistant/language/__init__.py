"""How the assistant speaks to a chat model, if one is set: within limits, and trusting no word of it."""
