"""Measure a node's speed and memory: ``python -m bench``, see docs/performance.md."""
