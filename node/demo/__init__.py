"""Two nodes with sample content on this machine."""
