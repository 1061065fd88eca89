"""Who is where: the tree from province to building, boundaries, the bodies and posts that belong to a place, and who
holds them. Every scoped row elsewhere carries the materialised path of one of these areas.
"""
