"""What we tell other servers."""
