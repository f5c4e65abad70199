"""Demonstrations and exercises in processes of their own: who starts whom, what each pipe carries.

    program (terminal, site, lint)         one `Worker`; imports neither Keras nor NumPy
      └─ server  (`server.py`, forks)      started by `Worker()`; imports Keras and waits
           ├─ job                          a fork for each `submit`; leads a process group
           └─ job

Where there is no fork (macOS, Windows) a *single* takes the place of server and job: a process
that has imported Keras, waits for one request, runs it, and is replaced when it has ended.

What goes where, each message one line of JSON:

    program → server   socket    [number], and three pipe ends for one job
    server → program   socket    ["ready"] or ["broken", why], then for each job
                                 ["forked", number, pid] and ["ended", number, status]
    program → job      requests  {"target", "arguments", "seconds"}
    job → program      events    ["started", pid, memory], ["progress", label, done, total] …,
                                 then ["result", value] or ["failure", why, line]
    job → program      output    whatever the job prints, no JSON

Who ends what: the program's `Job` watches the limits and kills the job's group at its end, be it
good or bad; the server does so once more when it has collected a job; the server ends with its
socket and takes its jobs along; a job ends itself when `requests` closes, or by its own alarm.
"""

from dlprep.lab.worker.job import Failure, Job, Limits, Progress
from dlprep.lab.worker.worker import Worker

__all__ = ["Failure", "Job", "Limits", "Progress", "Worker"]
