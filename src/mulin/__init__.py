"""Mulin (睦邻): an open community co-governance platform for a county."""

__version__ = "0.1.0"
