"""One term for one thing: words that docs/glossary.md replaced appear nowhere in code, SQL, docs, help or log texts.

Text is compared word by word: identifiers are split at underscores and at changes of case, so `lookCount` and
`look_count` both contain `look`. Exceptions are narrow and each has its reason.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {".py", ".sql", ".md", ".toml", ".yaml", ".example", ".service", ".txt", ""}
ROOTS = ("worker", "savvycal_sync", "tests", "docs", "deploy")
FILES = ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "SECURITY.md", "Makefile", "schema.sql")

INSTEAD = {
    "reconcile, read": "look looks looked looking",
    "scan": "pass passes sweep sweeps swept sweeping",
    "iteration": "walk walks walked walking",
    "work queue": "ledger ledgers",
    "wake-up, wake; keyring": "bell doorbell ring rings ringing rung",
    "runtime, composition": "house furnish doors",
    "cool-down": "silence silenced",
    "again": "anew",
    "fix, repair": "mend mends mended",
    "set, enter, pass": "say",
    "problem": "trouble troubles",
    "dead letter": "parked park parks",
    "superseded": "overtaken",
    "stale read": "doubtful",
    "confirmation": "insists",
    "accept": "believe believes believed",
    "scan (of a window)": "poll",
    "schedule": "tick ticks",
    "delete guard": "verdict verdicts",
    "harness": "stage stages",
    "workers": "crew",
    "simulation, fault plan": "storm storms weather hardship",
    "world changes": "upheaval upheavals",
    "scheduler": "gate gates gated",
    "checker": "judge judges judged",
    "audit triggers": "witness witnesses",
    "dispatcher, delivery, collection": "courier couriers parcel parcels shelf shelves",
    "fault injection": "liar liars lie lies",
    "(removed)": "twin twins lean",
}
"""What to write, and the words it replaces."""

DENIED = {word: instead for instead, words in INSTEAD.items() for word in words.split()}

EXCEPTIONS = {
    r"\b[Ll]ook(s|ed|ing)? (for|up|like)\b|\blook-?ups?\b|\blook(s|ed|ing)? \w+ up\b": "English verbs of their own",
    r"(?m:^\s*pass$)": "the Python statement",
    r"\bpass_fds\b|\bpass_context\b|\bPASS(WORD|FILE)?\b": "names of Python, Click and the Postgres libraries",
    r"(?i:\bpass(es)? (an?|the|no|its|it|them|him|on|as|through|--?\w+|`))": "to pass an argument",
    r"\b(tests?|checks?|gates?|runs?|it|they|that|which|all|must|to|can|not) pass(es)?\b": "a test passes",
    r"[\"'`]poll[\"'`]|\| poll\b|\bpoll, backfill|\b(Via|Mode)\.POLL\b|\bPOLL = ": "the value of `via` and `runs.job`",
    r"SAVVYCAL_POLL_|\bpoll_(near|month|later|all)\w*": "settings",
    r"\bmeeting polls?\b|\bevents?\.poll\b|\bpoll (jsonb|=)|\bpoll: ": "SavvyCal's own field Event.poll",
    r"\bpoll\.(response|\*)|(group_session|settings|instructions) poll\b|\bpoll is_group": "the same",
    r"\bpoll_1\b|(link|original_end_at|link_description) poll\b": "the same",
    r"\.poll\(\)|\bselect\.poll\b|\bpoll_(interval|seconds)\w*": "Python's libraries, and an interval between tries",
    r"\bos\.walk\b|\bast\.walk\b|\.walk\(|\bwalk_\w+": "Python's libraries",
    r"(?i:\blies (in|at|on|between|with|beside|behind|before|outside|within|under|above|below)\b)": "is located",
    r"\bpolled_changes\b|\bc\.verdict\b|\bas verdict\b|\bverdict text\b|`verdict`": "column of the view polled_changes",
    r"\blate_by verdict\b|[\"']verdict[\"']": "the same, and the label of a metric made of it",
    r"\bverdict=\"|\bverdict = '|\bverdict from savvycal\b": "the same",
    r":courier\b": "text of a random seed: another one would change every simulated account",
    r"\b_poll_iteration\b|\bpoll_delay\b": "ARQ's own names",
    r"\bclock ticks?\b|\btick_params\b": "the unit of /proc; a name of Matplotlib",
    r"https?://\S+": "addresses",
}
"""Pattern to reason: text that a pattern matches is not searched."""

EXEMPT = {
    "tests/unit/test_vocabulary.py": "holds the words",
    "tests/support/role_matrix.txt": "generated from the schema",
    "docs/glossary.md": "names the words it replaced",
}
EXEMPT_FOLDERS = {
    "worker/store/migrations/": "what a released schema was called stays as it was",
    "docs/benchmarks/": "recorded results",
    "tests/integration/store/dumps/": "databases of earlier builds, as these wrote them",
}

_NOT_SEARCHED = re.compile("|".join(f"(?:{pattern})" for pattern in EXCEPTIONS))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def is_searched(name: str) -> bool:
    """Whether the words of a file count; `name` is relative to the repository."""
    return name not in EXEMPT and not name.startswith(tuple(EXEMPT_FOLDERS))


def files() -> list[str]:
    """All files that are searched, relative to the repository."""
    found = [path for root in ROOTS for path in sorted((ROOT / root).rglob("*")) if path.is_file()]
    found += [ROOT / name for name in FILES if (ROOT / name).exists()]
    names = [str(p.relative_to(ROOT)) for p in found if p.suffix in SUFFIXES and "__pycache__" not in p.parts]
    return [name for name in names if is_searched(name)]


def denied_words(text: str) -> Counter[str]:
    """The denied words in a text, with their counts."""
    words = (word.lower() for word in _WORD.findall(_NOT_SEARCHED.sub(" ", text)))
    return Counter(word for word in words if word in DENIED)


def test_no_private_words() -> None:
    """No file holds a denied word; the standard one is named beside it."""
    found = {name: denied_words((ROOT / name).read_text("utf-8", errors="replace")) for name in files()}

    assert [f"{name}: {word}; write: {DENIED[word]}" for name, words in found.items() for word in sorted(words)] == []


def test_every_exception_is_needed() -> None:
    """An exception that matches nothing goes."""
    text = "\n".join((ROOT / name).read_text("utf-8", errors="replace") for name in files())

    assert [pattern for pattern in EXCEPTIONS if not re.search(pattern, text)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("look_count = lookCount(LOOKS)", {"look": 2, "looks": 1}),
        ("we look for it in the password", {}),
        ("the pass ended; pass an argument", {"pass": 1}),
        ("via = 'poll'; the poll is late", {"poll": 1}),
    ],
)
def test_words_are_found(text: str, words: dict[str, int]) -> None:
    """Identifiers are split, English uses are excepted."""
    assert denied_words(text) == words
