"""Stay safe: guardians read what waits, and decide."""
