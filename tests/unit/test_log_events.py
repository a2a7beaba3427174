"""Every event of the log has its line in docs/logs.md, and nothing else is logged."""

from tests.support import log_events


def test_every_event_has_a_meaning() -> None:
    """The names in the code and those of the table are the same."""
    assert {entry.event for entry in log_events.entries()} == set(log_events.MEANINGS)


def test_names_and_fields_are_plain() -> None:
    """Snake case, so that a query can name them; `event`, `level` and `timestamp` belong to the log itself."""
    for entry in log_events.entries():
        assert entry.event.isidentifier(), entry
        assert entry.event.islower(), entry
        assert not {"event", "level", "timestamp"} & set(entry.fields), entry


def test_one_event_has_one_home_for_its_levels() -> None:
    """Levels that are chosen as the program runs are those of events that exist."""
    assert set(log_events.CHOSEN) <= {entry.event for entry in log_events.entries()}
