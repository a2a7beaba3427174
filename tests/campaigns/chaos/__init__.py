"""Chaos: the real daemon, three processes of it, on real servers, behind proxies that misbehave.

1. `proxy` stands between a worker and each of its servers; `savvycal` is the simulator as a process, and
   `webhook_transport` delivers its webhooks; `processes` starts and ends all of them, and only them.
2. `faults` and the module of faults for each server define what can go wrong, `kinds` lists it; `schedule` draws from
   a seed what happens when, and `site` is what it happens to.
3. `asking` asks for resyncs all the time, as people do.
4. `campaign` runs the faults, then stops them and waits until the tables equal the source; `evidence` collects what is
   left, for the checker of the simulation (`tests/campaigns/simulation/checker.py`) and for a search of all logs for
   secrets.

`make chaos MINUTES=10 SEED=7`. A seed repeats the schedule, not the interleaving: these are real processes.
"""
