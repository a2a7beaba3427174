"""The values that travel: words and immutability."""

import pytest

from tests.unit.core.examples import meeting, seen, snapshot
from worker.core.model import Kind, Product, Via


def test_each_product_lists_one_kind() -> None:
    """Each product lists its objects, links have a list of their own, and none lists meetings."""
    assert {product: product.kind for product in Product} == {
        Product.MEETINGS: Kind.EVENT,
        Product.APPOINTMENTS: Kind.APPOINTMENT,
        Product.LINKS: Kind.LINK,
    }


def test_words_are_their_own_text() -> None:
    """Kinds, products and ways stand in tables as the words they are."""
    assert [str(kind) for kind in Kind] == ["event", "appointment", "link", "meeting"]
    assert [str(via) for via in Via] == ["poll", "backfill", "resync", "watch", "webhook", "audit"]


def test_values_are_frozen() -> None:
    """Nobody changes a value on its way."""
    for value, name in ((meeting(), "status"), (snapshot(), "state"), (seen(snapshot()), "fence")):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(value, name, None)
