"""Pages of partners: the register for staff, the public application, a partner's own profile."""
