import doctest
import importlib
import pkgutil

import pytest

import mulin.kernel

MODULES = [
    module.name
    for module in pkgutil.walk_packages(mulin.kernel.__path__, "mulin.kernel.")
    if ".tests" not in module.name
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_check():
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [
        found for name in MODULES for found in finder.find(importlib.import_module(name)) if found.examples
    ]
    assert len(examples) >= 10
