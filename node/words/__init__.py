"""The words that pages use: ids are never shown to people."""
