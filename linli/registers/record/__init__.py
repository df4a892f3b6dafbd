"""证: the tamper-evident record of every act and of every look at personal data."""
