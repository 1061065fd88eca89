"""Changes to the tree, to posts and to bodies: one function, one use case, one transaction.

Whether the actor may do it (`areas.manage`, `posts.manage` over the area) is asked by the view; what must hold whoever
asks is checked here.
"""

from mulin.parts.areas.services.bodies import body_dissolve, body_establish
from mulin.parts.areas.services.boundaries import (
    LONGEST_FILE_BYTES,
    BoundaryReport,
    boundaries_import,
    boundary_set,
)
from mulin.parts.areas.services.posts import post_appoint, post_cover, post_hand_over, post_leave
from mulin.parts.areas.services.sheets import (
    GridRow,
    PostRow,
    SheetReport,
    grids_import,
    posts_import,
)
from mulin.parts.areas.services.tree import (
    SplitPart,
    area_create,
    area_describe,
    area_end,
    area_merge,
    area_move,
    area_recode,
    area_rename,
    area_split,
)
from mulin.parts.areas.services.tree_import import Rejected, TreeReport, TreeRow, tree_import

__all__ = [
    "LONGEST_FILE_BYTES",
    "BoundaryReport",
    "GridRow",
    "PostRow",
    "Rejected",
    "SheetReport",
    "SplitPart",
    "TreeReport",
    "TreeRow",
    "area_create",
    "area_describe",
    "area_end",
    "area_merge",
    "area_move",
    "area_recode",
    "area_rename",
    "area_split",
    "body_dissolve",
    "body_establish",
    "boundaries_import",
    "boundary_set",
    "grids_import",
    "post_appoint",
    "post_cover",
    "post_hand_over",
    "post_leave",
    "posts_import",
    "tree_import",
]
