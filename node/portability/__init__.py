"""Take along what one has here, and bring what one had elsewhere."""
