"""The demo county Qinghe (青禾县): people, posts, partners and two months of requests, all of them invented.

Everything follows from the seed, the moment and the number of people, which are passed in. Its codes begin with 99 and
its telephone numbers with 154 or 0958, none of which exist.
"""

from mulin.config.demo.accounts import Introduction, introduction
from mulin.config.demo.loading import load_demo, load_demo_if_empty

__all__ = ["Introduction", "introduction", "load_demo", "load_demo_if_empty"]
