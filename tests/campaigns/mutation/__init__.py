"""Mutation tests: each plants a known bug, which a run or a test must notice. `make mutants` runs them.

A check that cannot fail proves nothing. Each mutant names its catcher: simulations of one mode, or tests.
"""

from tests.campaigns.mutation.accounts import OF_ACCOUNTS
from tests.campaigns.mutation.admin import OF_ADMIN
from tests.campaigns.mutation.answers import OF_ANSWERS
from tests.campaigns.mutation.applications import OF_APPLICATIONS
from tests.campaigns.mutation.deploy import OF_DEPLOY
from tests.campaigns.mutation.mutant import Mutant

__all__ = ["MUTANTS", "Mutant"]

WORK, DELETION, ITERATION, SCAN, BATCH = (
    f"worker/sync/{name}.py" for name in ("loop", "deletion", "iteration", "scan", "batch")
)
WORK_ITEMS, SCANS, OBJECTS, DELIVERIES = (
    f"worker/store/queries/{name}.sql" for name in ("work_queue", "scans", "objects", "deliveries")
)
DECIDE, WEBHOOK, RESULT = "worker/core/decide.py", "worker/sync/webhook.py", "worker/core/result.py"

MUTANTS = (
    Mutant(
        "generation ignored",
        WORK_ITEMS,
        "and lease_token = $5 and requested_gen = $6",
        "and lease_token = $5 and requested_gen >= $6",
        "tests/integration/sync/test_loop.py",
    ),
    Mutant(
        "lease ignored",
        WORK_ITEMS,
        "and key = $4 and lease_token = $5 for update",
        "and key = $4 and $5::uuid is not null for update",
        "webhook",
    ),
    Mutant(
        "lease never lapses",
        WORK_ITEMS,
        " or w.lease_until < clock_timestamp())\n    order by w.priority, w.due_at limit asked",
        ")\n    order by w.priority, w.due_at limit asked",
        "webhook",
    ),
    Mutant("fence ignored", DECIDE, "if observed.fence <= stored.fence:", "if observed.fence <= 0:", "poll"),
    Mutant(
        "a tie of fences overwrites",
        DECIDE,
        "if observed.fence <= stored.fence:",
        "if observed.fence < stored.fence:",
        "tests/unit/core/test_decide.py",
    ),
    Mutant(
        "fence taken after the fetch",
        ITERATION,
        """            if not fences:
                async with context.db.connection() as connection:
                    fences = await objects.take_fences(connection, PAGES_MAX)
            fence = fences.pop(0)
            had = hold.kept_count
            step = await anext(steps)
""",
        """            had = hold.kept_count
            step = await anext(steps)
            async with context.db.connection() as connection:
                fence = await objects.take_fence(connection)
""",
        "poll",
    ),
    Mutant(
        "cursor before page",
        ITERATION,
        "        position, outcome = await unit_of_work.run(context.db, batch, unit)\n",
        """        async with context.db.transaction() as early:
            position = await _advance(early, position, stretch, unchanged(batch))
        outcome = await unit_of_work.run(context.db, batch, write)
""",
        "scan",
    ),
    Mutant(
        "tombstone on the first 404",
        DELETION,
        "proven = known is not None and item.claimed_at - since >= PROOF_APART",
        "proven = known is not None",
        "scan",
    ),
    Mutant(
        "links in one state only",
        "worker/savvycal/links.py",
        'next((f"{s}:" for s in STATES[1:] if s != state), None)',
        "None",
        "tests/integration/sync/test_links.py",
    ),
    Mutant(
        "statements without the kind's start",
        "worker/core/kinds.py",
        '"start_at": f"o.{self.start_column}" if self.start_column else "null::timestamptz"',
        '"start_at": "null::timestamptz"',
        "tests/integration/sync/test_scan.py",
    ),
    Mutant(
        "two 404s not a minute apart",
        RESULT,
        "PROOF_APART = timedelta(seconds=60)",
        "PROOF_APART = timedelta(seconds=10)",
        "scan",
    ),
    Mutant("account not probed", DELETION, "        await _must_be_healthy(endpoint)\n", "        ...\n", "scan"),
    Mutant(
        "delete guard off",
        "worker/core/delete_guard.py",
        "    limit = max(missing_max(stored_count), allowed)\n",
        "    limit = 10**9\n",
        "tests/unit/core/test_delete_guard.py",
    ),
    Mutant(
        "suspect scan covers its window",
        SCAN,
        "await coverage.retry_window(connection, done, SUSPECT_RETRY_SECONDS)",
        "await coverage.cover(connection, done, SUSPECT_RETRY_SECONDS)",
        "tests/integration/sync/test_scan.py",
    ),
    Mutant(
        "changes ignored, one iteration only",
        SCAN,
        "return position.iteration_changes == 0 or position.iteration >= ITERATIONS_MAX",
        "return True",
        "tests/integration/sync/test_scan.py",
    ),
    Mutant(
        "poison stops its page",
        BATCH,
        "            refused.append(Unreadable(object_id, error.reason, raw))\n",
        "            raise error\n",
        "poll",
    ),
    Mutant(
        "watch never planned",
        "worker/core/schedule.py",
        "    return now + _pace(",
        "    return None if snapshot else now + _pace(",
        "watch",
    ),
    Mutant(
        "watch ends with the first read that finds no changes",
        BATCH,
        " or found[0].is_single}",
        "}",
        "watch",
    ),
    Mutant(
        "confirming read dropped",
        RESULT,
        'if is_news or needs_recheck or "unconfirmed" in reasons:',
        "if False:",
        "tests/integration/sync/test_lifecycles.py",
    ),
    Mutant(
        "answer without an id counts as a read",
        WORK,
        '        raise errors.Malformed(f"SavvyCal answered with something',
        '        return; raise errors.Malformed(f"SavvyCal answered with something',
        "tests/integration/sync/test_requests.py",
    ),
    Mutant(
        "seen ids forgotten",
        SCANS,
        "run_id, iteration, page, $12 from moved",
        "run_id, iteration, page, ($12::text[])[1:0] from moved",
        "scan",
    ),
    Mutant(
        "missing objects never asked for",
        SCAN,
        "        await _ask_for(connection, done.account, done.product.kind, missing)\n",
        "",
        "scan",
    ),
    Mutant(
        "transition number reused",
        DECIDE,
        "Transition(snapshot.kind, snapshot.id, seq + 1,",
        "Transition(snapshot.kind, snapshot.id, max(seq, 1),",
        "poll",
    ),
    Mutant(
        "every edge is direct",
        "worker/core/lifecycle.py",
        "return Label.GAP if after in",
        "return Label.DIRECT if after in",
        "scan",
    ),
    Mutant(
        "the feed in another order than it was written",
        "schema.sql",
        "row_number() over (order by seq)",
        "row_number() over (order by version desc)",
        "tests/integration/sync/test_change_feed.py",
    ),
    Mutant(
        "a cursor behind the floor is taken",
        "schema.sql",
        "  if wanted < (select position from savvycal._feed_floor) then",
        "  if wanted < -1 then",
        "tests/integration/sync/test_change_feed.py",
    ),
    Mutant(
        "as_of answers with the version before",
        "schema.sql",
        "s.id = of_id and s.observed_at <= at order by",
        "s.id = of_id and s.observed_at < at order by",
        "all",
    ),
    Mutant(
        "an earlier reconcile answers a ticket",
        "schema.sql",
        "and t.result is null and t.generation <= up_to_generation;",
        "and t.result is null and up_to_generation > 0;",
        "tests/integration/sync/test_tickets.py",
    ),
    Mutant(
        "a deletion keeps its version",
        "worker/store/queries/objects.sql",
        "fence = $5, version = version + 1,",
        "fence = $5, version = version,",
        "tests/integration/sync/test_change_feed.py",
    ),
    Mutant(
        "restored object ignored",
        DECIDE,
        "== stored.content_hash and not stored.deleted:",
        "== stored.content_hash:",
        "tests/unit/core/test_decide.py tests/integration/sync",
    ),
    Mutant(
        "former meeting stays current",
        DECIDE,
        "        tuple(m.id for m in stored.meetings if m.is_current and m.id != kept),\n",
        "        (),\n",
        "webhook",
    ),
    Mutant(
        "acknowledged before it is on disk",
        "worker/web/receiver.py",
        "                is_new, job = await receive(self._context, self._db, arrived)\n",
        """                asyncio.ensure_future(receive(self._context, self._db, arrived))
                is_new, job = True, ("work",)
""",
        "webhook",
    ),
    Mutant(
        "a delivery that was not stored is acknowledged",
        "worker/web/receiver.py",
        "            return Outcome.BUSY\n        self._context",
        "            return Outcome.DUPLICATE\n        self._context",
        "webhook",
    ),
    Mutant(
        "what a webhook carries is applied",
        WEBHOOK,
        "    return is_new, job\n",
        """    import msgspec
    from worker.core.model import Via
    from worker.store import objects
    from worker.sync.batch import Provenance, read
    from worker.sync import unit_of_work
    from worker.sync.write import write
    told = msgspec.json.decode(arrived.envelope.body)
    about = canonical(told.get("payload") or told["data"]["object"])
    async with db.connection() as connection:
        fence = await objects.take_fence(connection)
    provenance = Provenance(arrived.account, fence, context.db.clock.now(), Via.WEBHOOK)
    source = context.endpoint(arrived.account, arrived.product).source
    await unit_of_work.run(db, await read(db, source, [(provenance, [about])]), write)
    return is_new, job
""",
        "webhook",
    ),
    Mutant(
        "a delivery that was there already raises the generation",
        DELIVERIES,
        "case when is_new and $5 = 'received' then",
        "case when $5 = 'received' then",
        "tests/integration/web/test_receiver.py",
    ),
    Mutant(
        "an unreadable object is given up at its first 404",
        RESULT,
        "    if waited > NEVER_SEEN_PATIENCE:\n",
        "    if waited >= timedelta():\n",
        "webhook",
    ),
    Mutant(
        "done though the generation moved on",
        WORK_ITEMS,
        "    due_at = case when requested_gen > $6 then clock_timestamp() else $7 end,",
        "    due_at = coalesce($7, clock_timestamp() + interval '1 day'),",
        "tests/integration/sync/test_loop.py",
    ),
    Mutant(
        "a list is the truth",
        SCAN,
        "        await _ask_for(connection, done.account, done.product.kind, missing)\n",
        """        from worker.store import objects
        for one in missing:
            fence, kind = await objects.take_fence(connection), done.product.kind
            await objects.record_deletion(connection, done.account, kind, one, fence, now, "not in the list", "poll")
""",
        "scan",
    ),
    Mutant(
        "webhook marked outside of its transaction",
        WEBHOOK,
        """        is_new = await deliveries.record(connection, delivery)
        job = await _job(context, connection, delivery) if is_new else None
""",
        """        from dataclasses import replace
        is_new = await deliveries.record(connection, replace(delivery, state=State.UNMAPPED))
    job = None
    if is_new:
        async with db.transaction() as connection:
            job = await ask(context, connection, arrived.account, arrived.product, delivery.kind, delivery.object_id)
""",
        "webhook",
    ),
    Mutant(
        "failed read is dropped",
        WORK,
        "            if await work_queue.settle(connection, item, result, str(error)):\n",
        "            if await work_queue._finish(connection, item, None):\n",
        "webhook",
    ),
    Mutant(
        "failed read becomes a dead letter at once",
        RESULT,
        "return DeadLetter() if attempts >= most else",
        "return DeadLetter() if most else",
        "webhook",
    ),
    Mutant(
        "attempts never counted",
        WORK_ITEMS,
        "attempts = t.attempts + 1,\n    missing_since",
        "attempts = t.attempts,\n    missing_since",
        "tests/integration/sync/test_requests.py",
    ),
    Mutant(
        "an error of the work queue ends the batch",
        WORK,
        "    except errors.StoreError as away:\n",
        "    except errors.SchemaMismatch as away:\n",
        "webhook",
    ),
    Mutant(
        "host_url kept in the clear",
        "worker/core/hashing.py",
        "    if key in CREDENTIALS:\n        return _hide(item)\n",
        '    if key == "password":\n        return _hide(item)\n',
        "scan",
    ),
    Mutant(
        "a worker goes by its own clock",
        "worker/store/clock.py",
        "return self._read + timedelta(seconds=time.monotonic() - self._read_at)",
        "return datetime.now(UTC)",
        "tests/integration/sync/test_loop.py",
    ),
    Mutant(
        "fences of a lost Postgres are trusted",
        "worker/sync/write.py",
        "    needs_recheck = (*stale_reads, *superseded)\n",
        "    needs_recheck = stale_reads\n",
        "tests/integration/sync/test_loop.py",
    ),
    Mutant(
        "the schedule waits behind requests",
        "worker/arq_worker.py",
        "cron_jobs=[scheduled] if name == CLOCK else None,",
        "cron_jobs=[scheduled] if name == URGENT else None,",
        "tests/integration/sync/test_schedule.py",
    ),
    Mutant(
        "a watch ends with an answer that cannot be read",
        RESULT,
        "    if is_unreadable and owed:\n",
        "    if is_unreadable and not owed:\n",
        "tests/integration/sync/test_confirmation.py",
    ),
    Mutant(
        "an erased person stays in meetings",
        "worker/sync/erase.py",
        "if old and new and old != new:",
        "if old and new and old == new:",
        "tests/integration/privacy/test_erase.py",
    ),
    Mutant(
        "a burst is spent twice when Redis goes",
        "worker/savvycal/rate_limit.py",
        "            part.paid_until = max(part.paid_until, time.monotonic() + wait)",
        "            part.paid_until = part.paid_until",
        "tests/integration/test_shared_rate_limit.py",
    ),
    Mutant(
        "what SavvyCal says is not redacted",
        "worker/savvycal/error_text.py",
        "    return HIDDEN\n\n\ndef _is_random",
        "    return piece\n\n\ndef _is_random",
        "tests/unit/savvycal/test_error_text.py",
    ),
    Mutant(
        "what SavvyCal says is dropped",
        "worker/savvycal/wire.py",
        "    raise _error_for(status, error_detail(body))\n",
        '    raise _error_for(status, "")\n',
        "tests/unit/savvycal/test_wire.py tests/integration/sync/test_error_details.py",
    ),
    Mutant(
        "quotes around a token are taken for a part of it",
        "worker/settings/tokens.py",
        "if text[:1] and (text[0] in _QUOTES or text[-1] in _QUOTES):",
        "if False:",
        "tests/unit/savvycal/test_error_advice.py",
    ),
    Mutant(
        "check --live takes an event that moved for a proof",
        "worker/live_check/meetings.py",
        "if is_listed is False and (yield from _is_still_there(one)):",
        "if is_listed is False or one is late:",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "check --live raises an alarm over what was not seen",
        "worker/live_check/points.py",
        "        if self.value is None:\n            return FindingResult.NOT_SEEN\n",
        "        if self.value is None:\n            return FindingResult.OTHERWISE\n",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "check --live asks more than 40 questions",
        "worker/live_check/appointments.py",
        "READ_BY_ID_MAX = 3",
        "READ_BY_ID_MAX = 60",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "check --live takes an outage for a finding",
        "worker/live_check/run.py",
        "        if answer.status >= 500:\n",
        "        if answer.status >= 600:\n",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "a report holds names that nobody documented",
        "worker/live_check/answers.py",
        "for key, item in sorted(value.items()) if key in known}",
        "for key, item in sorted(value.items())}",
        "tests/campaigns/leaks/test_canary.py tests/integration/live_check",
    ),
    Mutant(
        "check --live takes the far east for an `until` that is left out",
        "worker/live_check/meetings.py",
        "is_far_east = False if reach[1] else (yield from _is_far_east(placed, reach, form))",
        "is_far_east = False",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "check --live takes the id of a meeting for the meeting",
        "worker/live_check/appointments.py",
        "if embedded := [name for name in listed if not name.endswith(ID_ONLY)]:",
        "if embedded := listed:",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "check --live calls our own remark an unknown field",
        "worker/live_check/documents.py",
        "own = carriers | {REPAIRED}",
        "own = carriers",
        "tests/integration/live_check/test_worlds.py",
    ),
    Mutant(
        "a refused include_sensitive is asked for by id for ever",
        "worker/sync/context.py",
        "            self.learned.found_single(self.learned.ladder.plainest)\n",
        "",
        "tests/integration/sync/test_account_facts.py",
    ),
    Mutant(
        "include_sensitive stays in lists that refuse it",
        "worker/savvycal/appointment_requests.py",
        '"sensitive": ("sent", "none")',
        '"sensitive": ("sent",)',
        "tests/integration/sync/test_account_facts.py",
    ),
    Mutant(
        "a range that cannot be asked for is asked for all the same",
        "worker/savvycal/event_requests.py",
        '"period": ("fixed", "all")',
        '"period": ("fixed",)',
        "tests/integration/sync/test_account_facts.py",
    ),
    Mutant(
        "a page that is too large accuses its first record",
        "worker/sync/pages.py",
        "isinstance(error, errors.TooLarge) and is_alone",
        "isinstance(error, errors.TooLarge)",
        "tests/integration/sync/test_large_pages.py",
    ),
    Mutant(
        "settled meetings are watched for ever",
        "worker/core/schedule.py",
        "meeting is None or meeting.status not in CONFERENCING[snapshot.kind].in_progress",
        "meeting is None",
        "tests/campaigns/worlds/test_worlds.py",
    ),
    Mutant(
        "what a list lacks of a meeting is written",
        "worker/core/partial.py",
        "    if stored is None or observed.snapshot.meeting is not None:\n",
        "    if True:\n",
        "tests/campaigns/worlds/test_worlds.py",
    ),
    Mutant(
        "repeated webhooks are not recognized",
        "worker/sync/observations.py",
        "    if before := learned.deliveries.get(key):\n",
        "    if before := None:\n",
        "tests/campaigns/worlds/test_worlds.py",
    ),
    Mutant(
        "lists without meetings accuse updated_at",
        "worker/sync/observations.py",
        'if moved and (moved == "moves" or learned.known.get(Fact.LISTS_EMBED_MEETING) == "yes"):',
        "if moved:",
        "tests/campaigns/worlds/test_worlds.py",
    ),
    Mutant(
        "an older program applies over a newer schema",
        "worker/store/schema.py",
        "    if before.answer in {Answer.NEWER, Answer.COMPATIBLE}:\n",
        "    if False:\n",
        "tests/integration/store/test_migrations.py",
    ),
    Mutant(
        "words of earlier builds stay in the change feed",
        "worker/store/migrations/0000_earlier_builds.sql",
        "when 'gone' then 'deleted'",
        "when 'gone' then 'updated'",
        "tests/integration/store/test_migrations.py",
    ),
    Mutant(
        "one time for all records of a batch",
        "worker/store/apply.py",
        "r.version, r.change, r.observation.observed_at) for r in records]",
        "r.version, r.change, records[0].observation.observed_at) for r in records]",
        "tests/integration/store/test_observed_at.py",
    ),
    Mutant(
        "claim without fairness",
        "worker/sync/lane.py",
        "        free = {account: share - self._running[account] for account in accounts}\n",
        "        left = max(0, share * len(accounts) - self._running.total())\n"
        "        free = dict.fromkeys(accounts, left)\n",
        "tests/integration/sync/test_account_isolation.py",
    ),
    Mutant(
        "no floor for scans",
        "worker/savvycal/rate_limit.py",
        "        if not is_scan or self._floor is None:\n",
        "        if True:\n",
        "tests/integration/test_shared_rate_limit.py",
    ),
    Mutant(
        "no bound for readers",
        "schema.sql",
        "  if open_count >= open_max and not exists (\n",
        "  if false and not exists (\n",
        "tests/integration/sync/test_requests.py",
    ),
    Mutant(
        "unknown ids do not back off as a group",
        RESULT,
        "if group > GROUP_MIN else GROUP_SECONDS)",
        "if group < 0 else GROUP_SECONDS)",
        "tests/unit/core/test_result.py",
    ),
    Mutant(
        "a deadlock does not restart the unit",
        "worker/sync/unit_of_work.py",
        "    except (StoreConflict, StoreContended):\n",
        "    except StoreConflict:\n",
        "tests/integration/sync/test_unit_of_work.py",
    ),
    Mutant(
        "a refused record takes its transaction with it",
        "worker/sync/write.py",
        "        async with savepoint(connection):\n",
        "        if True:\n",
        "tests/integration/sync/test_unit_of_work.py",
    ),
    Mutant(
        "a full disk puts records into quarantine",
        "worker/sync/write.py",
        "        if not error.is_about_data:\n",
        "        if False:\n",
        "tests/integration/sync/test_unit_of_work.py",
    ),
    Mutant(
        "scans that wait are lost in the upgrade",
        "worker/store/migrations/0007_one_work_queue.sql",
        "from savvycal._scans;\n",
        "from savvycal._scans where started_gen is not null;\n",
        "tests/integration/store/test_migrations.py",
    ),
    Mutant(
        "scans of one run share their lease",
        WORK_ITEMS,
        "case $6 when 'scan' then gen_random_uuid() else $3 end",
        "$3",
        "tests/integration/sync/test_scan.py",
    ),
    Mutant(
        "the position of a scan outlives it",
        SCANS,
        "delete from savvycal._scans p where p.account = $1 and p.product = $2 and p.window_name = $3\n",
        "delete from savvycal._scans p where p.account = $1 and p.product = $2 and p.window_name = $3 and false\n",
        "tests/integration/sync/test_scan.py",
    ),
    Mutant(
        "reads by id and scans take each other's places",
        WORK_ITEMS,
        "where w.account = asked.account and w.job = $6 and",
        "where w.account = asked.account and $6::text is not null and",
        "tests/integration/sync/test_loop.py",
    ),
    *OF_ANSWERS,
    *OF_ADMIN,
    *OF_APPLICATIONS,
    *OF_DEPLOY,
    *OF_ACCOUNTS,
)
