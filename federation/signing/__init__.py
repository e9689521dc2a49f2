"""Who signed a request, and how we sign ours. No I/O."""
