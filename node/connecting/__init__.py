"""Connect: members, teams, follows, blocks."""
