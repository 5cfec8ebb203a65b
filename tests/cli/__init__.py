"""The command line, asked as a person or a script asks it."""
