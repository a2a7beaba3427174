"""The options behind the ? of an address: one that is not known, or cannot be honoured, is refused by its name."""

import difflib
from collections.abc import Collection, Iterable, Mapping


def refuse_unknown(
    names: Iterable[str], known: Collection[str], refused: Mapping[str, str], place: str, otherwise: str = ""
) -> None:
    """Refuses the first name that is not known.

    `refused`: name to why. `place`: whose options these are. `otherwise`: the advice where no known name is near.

    Raises:
        ValueError: it is refused or unknown; the text quotes no more than a name.
    """
    for name in names:
        if name in refused:
            raise ValueError(f"{name} {refused[name]}")
        if name not in known:
            near = difflib.get_close_matches(name, [*known, *refused], 1)
            hint = f"did you mean {near[0]}?" if near else otherwise
            shown = name if name.replace("_", "").isalnum() and len(name) <= 40 else "what stands behind the ?"
            raise ValueError(f"{shown} is not an option of {place}" + (f"; {hint}" if hint else ""))
