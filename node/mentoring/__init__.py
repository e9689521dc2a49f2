"""Mentoring: which offers fit a request, matches of the two, and what is written within one."""
