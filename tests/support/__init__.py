"""What tests stand on: a throw-away PostgreSQL, a real server, a real browser and its probes."""
