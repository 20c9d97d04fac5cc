"""A project on disk: where it is, what it is called, which database it uses."""
