"""Views of the portals, one file a subject."""
