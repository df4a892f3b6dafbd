"""Pure rules of the engine: tables in, answers with reasons out. No database, no clock, no language."""
