"""One file per demo. Adding a demo is adding a file here: it is found by looking."""
