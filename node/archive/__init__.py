"""A node, or what one account of it shared, as static files that any web server can serve."""
