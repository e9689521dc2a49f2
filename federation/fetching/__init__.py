"""What we ask other servers for."""
