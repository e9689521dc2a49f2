"""Media: the files that members upload, on disk and in the database."""
