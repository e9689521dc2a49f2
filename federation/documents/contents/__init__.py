"""What a structured post says to people whose software does not know its kind: HTML, one module a kind. Pure."""
