"""Pages that gather several parts or belong to none: sign-in and account, homes, search, audit, operations."""
