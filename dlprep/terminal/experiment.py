"""The demonstration of the question on screen: run it behind the user's back, show it when due."""

from typing import TYPE_CHECKING

from dlprep.quiz.bank import BankError, Question
from dlprep.terminal.view import PAUSE, View

if TYPE_CHECKING:
    from dlprep.lab.report import Report
    from dlprep.lab.worker import Job, Worker

GO_ON = "n"
WAYS = "n goes on, Ctrl-C stops it"
LAST = 5
"""Lines shown of what a failed run printed."""


class _GoneOn(Exception):
    """The user does not wait for the end."""


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
        self._seed, self._refusal = 0, ""

    def begin(self) -> None:
        """Start a run unless one is under way or done, or it may not run."""
        if self._job is None and self.report is None:
            try:
                self._job = self.worker.demo(self.question, self._seed)
            except BankError as error:
                self._refusal = str(error)

    @property
    def runs(self) -> bool:
        """Whether a run is under way."""
        return self._job is not None

    def look(self) -> bool:
        """Tell whether there is a report, so that nobody has to wait for it."""
        if self._job is not None and self._job.ended and self._job.result:
            self.report, self._job = self._job.result, None
        return self.report is not None

    def finish(self, view: View) -> "Report | None":
        """Wait for the run and return its report; say why there is none.

        There is none either if the user goes on meanwhile; the run goes on too.

        Raises:
            KeyboardInterrupt: The user stopped the run; the next call starts it anew.
        """
        self.begin()
        job, self._job = self._job, None
        if job is None:
            if self.report is None:
                view.say(f"The experiment does not run: {self._refusal}.", "bad")
            return self.report
        try:
            _follow(job, view)
        except _GoneOn:
            self._job = job
            view.say("The experiment runs on; d shows it when it is done.")
            return None
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


def _follow(job: "Job", view: View) -> None:
    """Show how far a job is until it ends."""

    def loading() -> bool:
        if view.keyboard.chunk(0).strip().lower() == GO_ON:
            raise _GoneOn
        return not job.begun

    with view.progress("The experiment", job, loading, WAYS) as tell:
        while not job.ended:
            if event := job.news(PAUSE):
                tell(event)
            loading()
