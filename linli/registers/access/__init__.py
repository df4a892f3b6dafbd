"""权: departments, posts, accounts, log-in, and the one place for row and field rules."""
