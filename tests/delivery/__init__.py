"""How data leave the office."""
