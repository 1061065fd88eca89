"""Pages of areas: the tree, one area, staffing, and the forms that change them."""
