"""How the shipped tagger was trained: nothing here is needed to run paperkg."""
