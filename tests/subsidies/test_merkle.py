"""The tree of a month against the recursive definition of RFC 9162 and the test vectors of Certificate Transparency."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies import merkle

VECTORS = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
leaves = st.lists(st.binary(max_size=4), max_size=40)


def _by_definition(items: list[bytes]) -> bytes:
    """MTH of section 2.1.1, word for word."""
    if not items:
        return hashlib.sha256(b"").digest()
    if len(items) == 1:
        return hashlib.sha256(b"\x00" + items[0]).digest()
    split = 1
    while split * 2 < len(items):
        split *= 2
    return hashlib.sha256(b"\x01" + _by_definition(items[:split]) + _by_definition(items[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_published_vectors(size: int) -> None:
    assert merkle.root(VECTORS[:size]).hex() == ROOTS[size - 1]


@given(leaves)
def test_root_is_that_of_the_definition(items: list[bytes]) -> None:
    assert merkle.root(items) == _by_definition(items)


@given(leaves.filter(bool), st.data())
def test_every_leaf_is_proven_by_its_path_and_no_other_is(items: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items) - 1))
    found = merkle.path(items, index)

    assert merkle.leads_to(items[index], index, len(items), found) == merkle.root(items)
    assert merkle.leads_to(items[index] + b"x", index, len(items), found) != merkle.root(items)


@given(leaves.filter(bool), st.data())
def test_a_path_cut_short_or_too_long_proves_nothing(items: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(items) - 1))
    found = merkle.path(items, index)

    assert merkle.leads_to(items[index], index, len(items), [*found, b"\x00" * 32]) is None
    if found:
        assert merkle.leads_to(items[index], index, len(items), found[:-1]) is None


@pytest.mark.parametrize("index", [-1, 2])
def test_a_leaf_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.path([b"a", b"b"], index)
    assert merkle.leads_to(b"a", index, 2, []) is None


@given(leaves)
def test_a_growing_tree_is_the_tree_of_its_leaves(items: list[bytes]) -> None:
    """After every leaf, so that a month is never held in memory."""
    growing = merkle.Growing()
    for count, leaf in enumerate(items, 1):
        growing.add(leaf)
        assert (growing.size, growing.root()) == (count, merkle.root(items[:count]))
    if not items:
        assert growing.root() == merkle.root([])
