"""The assets, one file per subject."""
