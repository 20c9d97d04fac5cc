"""The commands of the desk, one module a family; each has `register(app)`, which `cli` calls."""
