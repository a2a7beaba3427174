"""The servers people run, as they run them: poolers, managed settings, sentinels, clusters (`make environments`).

Each case either works, or ends in one line that names the cause and the next step. A case whose server is not on this
machine is skipped by name; with CI=true it fails instead.
"""
