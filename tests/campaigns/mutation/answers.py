"""Mutations of what stands between an answer of SavvyCal and the tables: damaged records, refusals, strange lists."""

from tests.campaigns.mutation.planted import Mutant

DAMAGED = "tests/integration/sync/test_damaged_records.py"

OVERLAPPING = "tests/integration/sync/test_overlapping_scans.py"

FACTS = "tests/integration/sync/test_account_facts.py"

SIGNS = "tests/integration/sync/test_observations.py"

LARGE = "tests/integration/sync/test_large_pages.py"

BAD_PAGES = "tests/integration/sync/test_bad_pages.py"

OF_ANSWERS = (
    Mutant(
        "answers: a page that is too large stays so",
        "worker/core/split.py",
        "    less = smaller(size) if size else None\n",
        "    less = None\n",
        LARGE,
    ),
    Mutant(
        "answers: smaller pages begin elsewhere",
        "worker/sync/pages.py",
        "numbers.cursor_of(Place(offset // size + 1, size))",
        "numbers.cursor_of(Place(offset // size + 2, size))",
        LARGE,
    ),
    Mutant(
        "answers: a bad page is an outage for ever",
        "worker/sync/pages.py",
        "    return TRIES_KNOWN if split.is_known else TRIES\n",
        "    return TRIES_KNOWN if split.is_known else 10 * TRIES\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: nothing behind a bad page is read",
        "worker/core/split.py",
        "    if first >= last or split.failure_count >= FAILURES_MAX:\n",
        "    if True:\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: a bad page is forgotten",
        "worker/core/delete_guard.py",
        "    if unread:\n",
        "    if unread and not stored_count:\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: what cannot be read counts as missing",
        "worker/store/scans.py",
        "    return [one.first for one in missing], [one.last for one in missing]\n",
        "    return [one.first for one in missing[:0]], [one.last for one in missing[:0]]\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: an outage of lists makes them partial",
        "worker/sync/pages.py",
        "            if split.may_be_down:\n",
        "            if split.may_be_down and not split.is_known:\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: offsets are counted in pages that were not granted",
        "worker/sync/pages.py",
        "        if page.granted < place.size and place.offset:",
        "        if page.granted < place.size and place.offset < 0:",
        BAD_PAGES,
    ),
    Mutant(
        "answers: a bad page keeps the circuit open",
        "worker/sync/context.py",
        "        if self.client.circuit.is_on_trial:\n",
        "        if self.client.circuit.is_on_trial and page_size:\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: a list is walked for ever",
        "worker/sync/scan.py",
        "        if position.page >= walking.ITERATION_PAGES_MAX and not position.iteration_ended:\n",
        "        if position.page > walking.ITERATION_PAGES_MAX and not position.iteration_ended:\n",
        LARGE,
    ),
    Mutant(
        "answers: large bodies give their places back before they are written",
        "worker/savvycal/bodies.py",
        "        is_kept = _hold.get() is not None\n",
        "        is_kept = False\n",
        "tests/integration/privacy/test_hostile.py",
    ),
    Mutant(
        "answers: the cap counts after unpacking",
        "worker/savvycal/bodies.py",
        "                yield unpacker.decompress(packed, PIECE_BYTES)\n",
        "                yield unpacker.decompress(packed)\n",
        "tests/integration/privacy/test_hostile.py",
    ),
    Mutant(
        "answers: a refused parameter is never said otherwise",
        "worker/sync/context.py",
        "            if not refusal.is_about_parameters or not self.learned.may_search:\n",
        "            if refusal:\n",
        FACTS,
    ),
    Mutant(
        "answers: a page that cannot be read ends the search for a form",
        "worker/sync/context.py",
        "        except PAGE_FAULTS as error:\n            return error\n",
        "        except PAGE_FAULTS:\n            raise\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: a refused parameter makes smaller pages bad",
        "worker/sync/context.py",
        "            if not refusal.is_about_parameters or not await self._finds_another_form(bounds):\n",
        "            if refusal:\n",
        BAD_PAGES,
    ),
    Mutant(
        "answers: pages of one record are always in order",
        "worker/core/split.py",
        "    if not is_sorted or not _goes_on(split, starts, descends):\n",
        "    if not is_sorted:\n",
        "tests/unit/core/test_split.py",
    ),
    Mutant(
        "answers: a refused way is tried each time",
        "worker/sync/learned.py",
        "        if self.form == best or now - self.topped_at < FROM_THE_TOP_SECONDS:\n",
        "        if self.form == best:\n",
        FACTS,
    ),
    Mutant(
        "answers: lists show what answers by id do not",
        "worker/sync/learned.py",
        '        return self.ladder.without("sensitive") if self._is_single_plain else self.ladder\n',
        "        return self.ladder\n",
        FACTS,
    ),
    Mutant(
        "answers: a list that is always refused is asked for in every form each time",
        "worker/sync/learned.py",
        "        return time.monotonic() - self.search_failed_at >= SEARCH_PAUSE_SECONDS\n",
        "        return True\n",
        FACTS,
    ),
    Mutant(
        "answers: one refused parameter takes all the others with it",
        "worker/savvycal/ladder.py",
        "                return (yield from self._better(start, tried))\n",
        "                return start\n",
        "tests/unit/savvycal/test_ladder.py",
    ),
    Mutant(
        "answers: a finding is never taken back",
        "worker/core/facts.py",
        "    if has_link:\n        return JOINABLE\n",
        "    if has_link and known is None:\n        return JOINABLE\n",
        FACTS,
    ),
    Mutant(
        "answers: lists without meetings remove them",
        "worker/sync/write.py",
        "    if learned.lists_tell_of_meetings:\n        return batch, frozenset()\n",
        "    return batch, frozenset()\n",
        FACTS,
    ),
    Mutant(
        "answers: nobody asks for the meetings that lists lack",
        "worker/sync/learn.py",
        '    if fact == Fact.LISTS_EMBED_MEETING and value == "no":\n',
        '    if fact == Fact.LISTS_EMBED_MEETING and value == "maybe":\n',
        FACTS,
    ),
    Mutant(
        "answers: a word for no conferencing is watched for ever",
        "worker/core/facts.py",
        "    return WITHOUT_LINK if has_none else None\n",
        "    return None\n",
        FACTS,
    ),
    Mutant(
        "answers: a hundred events without links are all watched",
        "worker/core/unlinked.py",
        "        if len(self.watched) < WATCHED_MAX:\n",
        "        if len(self.watched) < 100 * WATCHED_MAX:\n",
        FACTS,
    ),
    Mutant(
        "answers: what was just booked proves that there are no links",
        "worker/core/unlinked.py",
        "        if now - since >= PATIENCE:\n",
        "        if now >= since:\n",
        FACTS,
    ),
    Mutant(
        "answers: events of a finding that was taken back are not watched",
        "worker/store/account_facts.py",
        "Kind.EVENT, {i: at for i, at in next_reconciles.items() if at}",
        "Kind.EVENT, {i: at for i, at in next_reconciles.items() if not at}",
        FACTS,
    ),
    Mutant(
        "answers: lists that show what is known show nothing",
        "worker/sync/learned.py",
        "        if not self.must_ask_for_meetings:\n            return set()\n",
        "        if self.must_ask_for_meetings:\n            return set()\n",
        FACTS,
    ),
    Mutant(
        "answers: one meeting that was made in between proves that lists show none",
        "worker/sync/learned.py",
        "            is_proof = len(self.late) > 1\n",
        "            is_proof = len(self.late) > 0\n",
        FACTS,
    ),
    Mutant(
        "answers: reads for meetings go on when lists show them",
        "worker/sync/learn.py",
        "        await account_facts.drop_requests_for_meetings(connection, account)\n",
        "        pass\n",
        FACTS,
    ),
    Mutant(
        "answers: what one process saw takes away what another did",
        "worker/core/facts.py",
        '        return observations.joined(stored, found.split(", "))\n',
        "        return found\n",
        SIGNS,
    ),
    Mutant(
        "answers: only what could be stored is a first attempt",
        "worker/sync/webhook.py",
        "    if learned:\n"
        "        observations.saw_delivery(learned, arrived.product, arrived.envelope, arrived.webhook_id)\n"
        "    answer = await _receive_some_way(context, db, arrived)\n    if learned:\n",
        "    answer = await _receive_some_way(context, db, arrived)\n"
        "    if learned:\n"
        "        observations.saw_delivery(learned, arrived.product, arrived.envelope, arrived.webhook_id)\n",
        "tests/integration/web/test_observations.py",
    ),
    Mutant(
        "answers: a delivery waits for what it shows",
        "worker/sync/webhook.py",
        "    with suppress(errors.StoreError):\n",
        "    with suppress():\n",
        "tests/integration/web/test_observations.py",
    ),
    Mutant(
        "answers: a fact is whatever somebody wrote",
        "worker/core/observations.py",
        "    more = sorted({word for word in words if _WORD.fullmatch(word)} - found)",
        "    more = sorted(set(words) - found)",
        "tests/unit/core/test_observations.py",
    ),
    Mutant(
        "answers: fence before content",
        "worker/core/decide.py",
        "    if observed.snapshot.content_hash == stored.content_hash and not stored.deleted:\n"
        "        return Unchanged()\n",
        "    if stored.fence < observed.fence and observed.snapshot.content_hash == stored.content_hash:\n"
        "        return Unchanged()\n",
        "tests/unit/core/test_decide.py",
    ),
    Mutant(
        "answers: all windows load side by side",
        "worker/core/windows.py",
        "    return window.name in first_loads and any(name in first_loads for name in nearer)\n",
        "    return False and any(name in first_loads for name in nearer)\n",
        OVERLAPPING,
    ),
    Mutant(
        "answers: a scan vouches for its own window only",
        "worker/sync/scan.py",
        "        if windows.contains(inner, vouched):\n",
        "        if inner == vouched:\n",
        OVERLAPPING,
    ),
    Mutant(
        "answers: one damaged record stops its page",
        "worker/savvycal/wire.py",
        '    found: Shape = _by_parts(body, shape, "")\n',
        "    found: Shape = msgspec.json.decode(body, type=shape)\n",
        DAMAGED,
    ),
    Mutant(
        "answers: nothing is repaired",
        "worker/savvycal/records.py",
        "        better = repaired(raw)\n",
        "        better = raw\n",
        DAMAGED,
    ),
    Mutant(
        "answers: half a surrogate pair stays",
        "worker/savvycal/repair.py",
        '        return b"\\\\ufffd"\n',
        "        return found[0]\n",
        DAMAGED,
    ),
    Mutant(
        "answers: digits are lost",
        "worker/core/json_text.py",
        "    return near if _same(near, exact) else exact\n",
        "    return near\n",
        "tests/unit/savvycal/test_records.py",
    ),
    Mutant(
        "answers: the last moment is infinity",
        "worker/store/database.py",
        '        "timestamptz", schema="pg_catalog", format="tuple"',
        '        "timetz", schema="pg_catalog", format="tuple"',
        DAMAGED,
    ),
    Mutant(
        "answers: a quarantined record hides under its hash",
        "worker/savvycal/wire.py",
        "        object_id = _id_in(raw, _what(error))\n",
        '        raise errors.RecordError("cannot be read") from error\n',
        DAMAGED,
    ),
    Mutant(
        "answers: a signed delivery is refused for its texts",
        "worker/savvycal/webhooks.py",
        "        found = _envelope(product, raw, _outline(product, raw))\n",
        "        raise\n",
        "tests/integration/web/test_envelopes.py",
    ),
    Mutant(
        "answers: a signed delivery without a type is nobody's business",
        "worker/savvycal/webhooks.py",
        "        hint=hint if named or hint.id else SOMETHING,\n",
        "        hint=hint,\n",
        "tests/integration/web/test_envelopes.py",
    ),
    Mutant(
        "answers: a delivery waits for a Postgres that can hold its letters",
        "worker/sync/webhook.py",
        "        if error.transient or isinstance(error, errors.StoreConflict):\n            raise\n",
        "        raise\n",
        "tests/integration/web/test_hostile.py",
    ),
    Mutant(
        "answers: a quarantined body has to be held",
        "worker/store/objects.py",
        "    except (asyncpg.DataError, asyncpg.ProgramLimitExceededError):\n",
        "    except asyncpg.ProgramLimitExceededError:\n",
        DAMAGED,
    ),
    Mutant(
        "answers: a byte order mark is a repair",
        "worker/savvycal/records.py",
        "    raw = raw.removeprefix(json_spans.BOM)\n    try:\n        text, document = _decoded(raw)\n",
        "    try:\n        text, document = _decoded(raw.removeprefix(json_spans.BOM))\n",
        "tests/unit/savvycal/test_records.py",
    ),
    Mutant(
        "answers: colons part the items of an array",
        "worker/savvycal/json_spans.py",
        ' and brackets == b"{}":\n',
        ":\n",
        "tests/unit/savvycal/test_json_spans.py",
    ),
    Mutant(
        "answers: a part that is not needed stops the page",
        "worker/savvycal/wire.py",
        "        if shape is Any:  # of use where it can be read, and not needed\n            return None\n",
        "",
        "tests/unit/savvycal/test_wire.py",
    ),
    Mutant(
        "answers: one damaged record hides the end of a iteration",
        "worker/savvycal/appointments.py",
        "        placed = [decode_envelope(raw, _Placed).start_at for raw in page.records]\n    except Malformed:\n",
        "        placed = [msgspec.json.decode(raw, type=_Placed).start_at for raw in page.records]\n"
        "    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):\n",
        "tests/unit/savvycal/test_appointments.py",
    ),
    Mutant(
        "answers: many exponents may stand for any number of digits",
        "worker/core/json_text.py",
        "        return value if left[0] >= 0 else str(value)\n",
        "        return value\n",
        "tests/unit/savvycal/test_records.py",
    ),
)
