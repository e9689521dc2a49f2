"""The privacy guard: what in a text could tell who somebody is. Pure rules: no database, no network, no framework."""
