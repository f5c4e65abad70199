"""The demonstration of the question on screen: run it behind the user's back, show it when due."""

from typing import TYPE_CHECKING

from dlprep.quiz.bank import Question
from dlprep.terminal.view import View

if TYPE_CHECKING:
    from dlprep.lab.report import Report
    from dlprep.lab.worker import Job, Worker

LAST = 5
"""Lines shown of what a failed run printed."""


class Experiment:
    """Runs of one demonstration, the first with seed 0.

    Args:
        worker: Where it runs.
        question: Whose demonstration.

    Attributes:
        report: The last report, or `None` if there is none.
    """

    def __init__(self, worker: "Worker", question: Question):
        self.worker, self.question = worker, question
        self.report: Report | None = None
        self._job: Job | None = None
        self._seed = 0

    def begin(self) -> None:
        """Start a run unless one is under way or done."""
        if self._job is None and self.report is None:
            self._job = self.worker.demo(self.question, self._seed)

    def finish(self, view: View) -> "Report | None":
        """Wait for the run and return its report; say why there is none.

        Raises:
            KeyboardInterrupt: The user stopped the run; the next call starts it anew.
        """
        self.begin()
        job, self._job = self._job, None
        if job is None:
            return self.report
        try:
            with view.progress("The experiment", job, lambda: not job.begun) as tell:
                for event in job:
                    tell(event)
        except KeyboardInterrupt:
            job.stop()
            view.say("The experiment was stopped.")
            raise
        self.report = job.result
        if job.failure:
            view.say(f"The experiment failed: {job.failure.reason}", "bad")
            view.verbatim("\n".join(job.failure.output.splitlines()[-LAST:]), indent=4)
        return self.report

    def renew(self) -> None:
        """Let the next run have another seed, if there was one."""
        self._seed += self.report is not None
        self.report = None

    def stop(self) -> None:
        """End a run that is under way."""
        if self._job is not None:
            self._job.stop()
            self._job = None
