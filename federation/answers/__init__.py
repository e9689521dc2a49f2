"""What we answer when another server asks."""
