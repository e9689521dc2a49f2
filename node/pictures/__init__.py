"""Pictures: what members upload is read and made anew in a process of its own, which holds nothing worth having."""
