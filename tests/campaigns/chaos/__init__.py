"""Chaos: the real daemon, three processes of it, on real servers, behind proxies that misbehave, with many faults.

1. `proxy` stands between a worker and each of its servers; `savvycal` is the simulator as a process, and `post` carries
   its webhooks; `procs` starts and ends all of them, and only them.
2. `faults` and its like for each server say what can go wrong, `kinds` lists it; `schedule` draws from a seed what
   happens when, `site` is where.
3. `asking` asks for resyncs all the time, as people do.
4. `campaign` lets it rage, then waits in quiet until the tables equal the source; `evidence` collects what is left, for
   the checker of the simulation (`tests/campaigns/simulation/checker.py`) and a search for secrets in all logs.

`make chaos MINUTES=10 SEED=7`. A seed repeats the schedule, not the interleaving: these are real processes.
"""
