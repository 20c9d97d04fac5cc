"""The web desk: pages for people, a JSON twin of each for programs. `app.create_app` makes it."""
