"""Every read of the engine, one kind of question a file."""
