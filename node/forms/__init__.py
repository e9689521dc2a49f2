"""What a form or an app sends, read for several doors."""
