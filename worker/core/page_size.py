"""Smaller pages around one that SavvyCal cannot serve, and larger ones again behind it. Pure."""


def smaller(page_size: int) -> int | None:
    """The next smaller page, of which whole ones make up the larger (100, 50, 25, 5, 1); None below 1."""
    return next((page_size // by for by in (2, 5, page_size) if page_size > 1 and page_size % by == 0), None)


def grown(offset: int, usual: int) -> int:
    """The largest page of that chain which begins at an offset when pages of its size are counted from 0."""
    size = usual
    while offset % size:
        size = smaller(size) or 1
    return size
