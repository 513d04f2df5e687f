"""The forms in which games are kept: as one array, as edges, by counts, over states, as functions."""
