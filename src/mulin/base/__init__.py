"""Plumbing with tables: outbox and channels, jobs, imports, files, field encryption, dated settings, packs. No pages."""
