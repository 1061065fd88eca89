import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.base import channels, file_types, import_kinds, paths, spreadsheets
from mulin.base.models import DatedSetting
from mulin.base.paths import is_below, lineage, outermost, path_range, within
from mulin.base.tests.conftest import NOON

segments = st.text(alphabet="019azAZ", min_size=1, max_size=3)
area_paths = st.lists(segments, max_size=4).map(lambda parts: "".join(f"{part}/" for part in parts))


@given(area_paths, area_paths)
def test_the_range_holds_exactly_what_lies_below(path, above):
    low, high = path_range(above)
    assert (low <= path < high) == is_below(path, above)


@given(area_paths, area_paths)
def test_the_lineage_is_exactly_what_lies_above(path, other):
    assert (other in lineage(path)) == is_below(path, other)


@given(st.lists(area_paths))
def test_the_outermost_paths_cover_all_and_no_two_overlap(given_paths):
    kept = outermost(given_paths)
    assert all(any(is_below(path, above) for above in kept) for path in given_paths)
    assert not any(is_below(a, b) for a in kept for b in kept if a != b)


@pytest.mark.django_db
def test_the_filter_finds_what_python_finds():
    stored = ["", "3/", "3/7/", "3/70/", "3/7/a/", "3/7/Z/", "3/8/", "30/", "A/", "a/"]
    for path in stored:
        DatedSetting.objects.create(key="k", area_path=path, value=1, valid_from=NOON.date(), source="s")
    for asked in ([], [""], ["3/"], ["3/7/"], ["3/7/", "3/7/a/", "A/"]):
        found = set(DatedSetting.objects.filter(within(asked)).values_list("area_path", flat=True))
        assert found == {path for path in stored if any(is_below(path, above) for above in asked)}


@pytest.mark.parametrize(
    "module", [channels, file_types, import_kinds, paths, spreadsheets], ids=lambda m: m.__name__
)
def test_the_examples_in_docstrings_are_true(module):
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed
