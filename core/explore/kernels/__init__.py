"""The compiled inner loops of the maps. Imported inside functions only: the web process never holds numba."""
