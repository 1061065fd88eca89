"""People who log in: users, roles and grants, who may do what where, and the record of looks and acts."""
