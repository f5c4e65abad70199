"""The one reader of the bank's Markdown; terminal, linter and site use nothing else.

A text is paragraphs, lists, headings, quotes, fenced code, tables and formulas, as CommonMark has
them, with four rules of our own: `$…$` is a formula, `$$…$$` one on lines of its own, a pipe in
code or in a formula separates no cells, and a star inside a word or number marks nothing.
`faults` refuses what lies outside, such as raw HTML.
"""

from dlprep.quiz.markdown.reader import blocks, runs
from dlprep.quiz.markdown.tree import Block, Run, Runs, words

__all__ = ["Block", "Run", "Runs", "blocks", "runs", "words"]
