"""Gated storms: the real mirror, two or more workers of it, on a real Postgres, in weather that a seed decides.

1. `mode` says which repair layers are on, and stops the clock.
2. `store` and `savvycal` put the gate (`tests/gate.py`) between a worker and its database and its SavvyCal.
3. `crew` runs workers, jobs, webhooks and requests; `world` changes things at SavvyCal, and lies about them; `post` is
   what SavvyCal tells us of it: late, many times, or never.
4. `storm` chooses from a seed, `sweep` places one fault at each point; `quiet` waits until the ledger is worked off.
5. `history` collects what is left, for the judge (`tests/check.py`); `run` strings it together, `tests/sim.py` is the
   command.
"""
