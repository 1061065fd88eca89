"""Frames of the shells, shared components, forms from data, htmx helpers, error shape, static files. No tables."""
