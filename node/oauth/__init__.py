"""Apps and their tokens: OAuth 2."""
