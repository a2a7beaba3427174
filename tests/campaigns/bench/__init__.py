"""`make bench`: how fast the mirror is, beside other ways of doing the same, in one run on one machine.

1. `events.py` and `appointments.py` make the data: deterministic, about 2.9 kB an Event, two to three attendees.
2. `server.py` serves it from a process of its own, fast enough never to be what is measured.
3. `contestants/` are the ways to compare: the mirror on its real path (`worker.sync.scan`), the bare fetch, a plain
   COPY of the same rows, dlt, and a loop of single upserts. Each phase of each is a process of its own.
4. `measure.py` runs one and asks the system what it cost: wall and CPU time, peak memory, WAL, rows and dead rows.
5. `plan.py` says what is run, `report.py` writes table, JSON and plot to docs/benchmarks/.

Only ratios inside one run mean anything: machines differ, and this one may be shared.
"""
