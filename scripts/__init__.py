"""Small programs for developers of the project."""
