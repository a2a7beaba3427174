"""Ways of asking for a list, and how to find one that an account takes with few requests. Pure."""

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from worker.savvycal.wire import ListForm


@dataclass(frozen=True, slots=True)
class Ladder:
    """For each part of a form what it may be, from the best variant to the plainest. Leaving any of them out must not
    make a list incomplete.
    """

    variants: Mapping[str, tuple[Any, ...]]

    @property
    def best(self) -> ListForm:
        """Everything as we like it."""
        return ListForm(**{name: values[0] for name, values in self.variants.items()})

    @property
    def plainest(self) -> ListForm:
        """As little as possible: when this is refused, it is not the parameters that SavvyCal refuses."""
        return ListForm(**{name: values[-1] for name, values in self.variants.items()})

    def named(self, text: str) -> ListForm | None:
        """The form with that text, None when there is none (any more)."""
        forms = (ListForm(**dict(zip(self.variants, each, strict=True))) for each in product(*self.variants.values()))
        return next((form for form in forms if str(form) == text), None)

    def without(self, name: str) -> "Ladder":
        """The same with the plainest variant of one part only."""
        return Ladder({part: values[-1:] if part == name else values for part, values in self.variants.items()})

    def search(self, known: ListForm, refused: Collection[ListForm]) -> Generator[ListForm, bool, ListForm | None]:
        """Yields forms to try, is sent whether each was taken, and returns the best one that was; None when none was.

        It starts from the form that was known to work, else from the plainest (or one near it: a parameter may be
        required), and betters one part at a time: the number of requests is at most about twice the number of variants,
        not their product.
        """
        tried = set(refused)
        for start in (known, self.plainest, *self._almost_plainest()):
            if start in tried:
                continue
            tried.add(start)
            if (yield start):
                return (yield from self._better(start, tried))
        return None

    def _almost_plainest(self) -> list[ListForm]:
        parts = ((name, values) for name, values in self.variants.items() if len(values) > 1)
        return [replace(self.plainest, **{name: values[-2]}) for name, values in parts]

    def _better(self, form: ListForm, tried: set[ListForm]) -> Generator[ListForm, bool, ListForm]:
        for name, values in self.variants.items():
            current = getattr(form, name)
            for value in values[: values.index(current)] if current in values else ():
                better = replace(form, **{name: value})
                if better in tried:
                    continue
                tried.add(better)
                if (yield better):
                    form = better
                    break
        return form
