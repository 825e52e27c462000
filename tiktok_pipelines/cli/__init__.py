"""The commands: get the arguments, call what is below, tell the result.

One module per command group; ``main.py`` imports it when it is called for.
"""
