"""Share: posts, their kinds, reactions."""
