"""Deterministic simulation: two or more real workers on a real Postgres, with faults that a seed decides.

1. `mode` says which repair layers are on, and holds the fault plan and the virtual clock.
2. `scheduler` stops every call that leaves a worker; `store` and `savvycal` put it between a worker and its servers.
3. `workers` runs jobs, webhooks and requests; `world_changes` changes objects at SavvyCal and injects false answers;
   `webhook_transport` delivers webhooks late, repeatedly, or never.
4. `simulation` draws each move from the seed; `fault_points` places one fault at each point; `quiescence` runs on until
   no work is left.
5. `history` collects what happened, `checker` names each broken invariant, `run` strings it together. The command is
   `python -m tests.campaigns.simulation`.
"""
