"""Asking: who can be asked about what, to whom a question goes, and which reply answered it."""
