"""Learn: topics, search."""
