"""The client against scripted answers: no network, no real time."""
