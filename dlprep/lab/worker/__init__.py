"""Demonstrations and exercises in processes of their own: who starts whom, what each pipe carries.

    program (terminal, site, lint)       one `Worker`; imports neither Keras nor NumPy
      └─ keeper (`family.keep`, Linux)   started by `Worker()`; waits for the server's end
           └─ server (`server.py`)       imports Keras, then waits
                ├─ job                   a fork for each `submit`, in a group of its own
                │    └─ …                whatever the job starts
                └─ job

Where there is no fork (macOS, Windows) a *single* takes the place of server and job: a process
that has imported Keras, waits for one request, runs it, and is replaced when it has ended. A
*light* is a single without Keras: a demonstration that needs none runs in one until Keras is there.

What goes where, each message one line of JSON:

    program → server   socket    [number], and three pipe ends for one job
    server → program   socket    ["ready"] or ["broken", why], then for each job
                                 ["forked", number, pid] and ["ended", number, status]
    program → job      requests  {"target", "arguments", "seconds"}
    job → program      events    ["started", memory, time], ["progress", label, done, total] …,
                                 then ["result", value] or ["failure", why, line];
                                 when the time is over a stack instead, in faulthandler's words
    job → program      output    whatever the job prints, no JSON

Who ends what:

- The program's `Job` watches time, memory, processes, output and events, of the job and all below
  it, and kills the job at its end, good or bad. A job that does not even begin takes the server
  along.
- The server kills every child that is no job: on Linux orphans become its children, however often
  they have forked and whatever group or session they are in. It looks when a job ends, and 20
  times a second while one runs.
- The keeper does the same for all that is left when the server has ended. The server ends with its
  socket, so nothing outlives the program.
- A job ends itself when `requests` closes, or by an alarm when its time is over.

Elsewhere than on Linux what a job started is ended as long as it stays in the job's group (macOS)
or not at all (Windows), and memory and processes are not watched. Nothing here keeps out a
program that is after the worker on purpose: it runs with the user's rights.
"""

from dlprep.lab.worker.job import Failure, Job, Limits, Progress
from dlprep.lab.worker.worker import Worker

__all__ = ["Failure", "Job", "Limits", "Progress", "Worker"]
