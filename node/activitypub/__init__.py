"""The HTTP doors of federation."""
