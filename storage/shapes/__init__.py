"""What each structured kind of post has to say: one record a module, and the rules its fields are read by. No SQL."""
