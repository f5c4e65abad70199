"""Keys on a terminal: which need no Enter, what is typed in between, pastes, stops, resizes."""

import os
import signal
import sqlite3
import time

import pytest
from terminal.pseudo import COLOUR

from dlprep.terminal.line import Line, tokens

terminals = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def committed(tmp_path):
    with sqlite3.connect(tmp_path / "history.db") as database:
        return [row[0] for row in database.execute("SELECT data FROM event WHERE kind='commit'")]


def ended(screen):
    return COLOUR.sub("", screen.until("loaded:"))


@terminals
@pytest.mark.parametrize("kind", ["choice", "predict"])
def test_one_key_is_enough_where_the_answer_is_one_key(terminal, kind):
    screen = terminal(kind)
    screen.until("\n> ")
    screen.type("q")
    assert "Summary" in ended(screen)


@terminals
def test_lines_stay_lines_when_they_are_asked_for(terminal):
    screen = terminal("choice", "--line")
    screen.until("\n> ")
    screen.type("q")
    time.sleep(0.5)
    screen.type("x\n")
    assert "'qx' was not understood" in COLOUR.sub("", screen.until("Your choice"))
    time.sleep(0.3)
    screen.type("q\n")
    ended(screen)


@terminals
@pytest.mark.parametrize("word", [(), ("--plain",)])
def test_what_is_typed_during_a_wait_is_neither_shown_nor_obeyed(terminal, word):
    screen = terminal("predict", *word)
    screen.until("one number")
    time.sleep(0.3)
    screen.type("2\n" if word else "2")
    screen.until("Keras is still loading")
    screen.type("q\nnonsense\n")
    text = screen.until("Enter shows")
    time.sleep(0.5)
    screen.type("q\n" if word else "q")
    text += ended(screen)
    assert "nonsense" not in text and "not understood" not in text
    assert "Right" in text and "1 answered" in text


@terminals
@pytest.mark.parametrize("paste", ["\x1b[200~one\nq\nthree\x1b[201~", "one\nq\nthree"])
def test_pasted_lines_belong_to_the_answer(terminal, tmp_path, paste):
    screen = terminal("recall")
    screen.until("\n> ")
    screen.type(paste)
    screen.until("three")
    screen.type("\n")
    screen.until("Which did you say?")
    assert '"text": "one\\nq\\nthree"' in committed(tmp_path)[0]


@terminals
def test_pasted_lines_belong_to_the_answer_in_plain_words_too(terminal, tmp_path):
    screen = terminal("recall", "--plain")
    screen.until("shows the answer: ")
    screen.type("one\nq\nthree\n")
    screen.until("Which did you say?")
    assert '"text": "one\\nq\\nthree"' in committed(tmp_path)[0]


@terminals
@pytest.mark.parametrize("word", [(), ("--plain",)])
def test_after_a_stop_the_prompt_is_there_again(terminal, word):
    screen = terminal("choice", *word)
    screen.until("or 1 3)")
    time.sleep(0.3)
    os.kill(screen.process.pid, signal.SIGSTOP)
    os.kill(screen.process.pid, signal.SIGCONT)
    screen.until("Your choice")
    time.sleep(0.3)
    screen.type("q\n")
    ended(screen)


@terminals
def test_after_a_resize_the_prompt_fits(terminal):
    screen = terminal("choice")
    screen.until("\n> ")
    screen.type("1 2")
    screen.until("2")
    screen.resize(40)
    text = COLOUR.sub("", screen.until("> 1 2"))
    assert "Your choice" in text and max(map(len, text.splitlines())) < 40
    screen.type("\x15")
    time.sleep(0.3)
    screen.type("q")
    ended(screen)


@terminals
def test_a_resize_wipes_nothing_above_a_pasted_answer(terminal):
    """At 40 columns the two rows of the prompt take two each; there is an empty one, and the a."""
    screen = terminal("recall")
    screen.until("\n> ")
    screen.type("\x1b[200~a\nb\x1b[201~")
    screen.until("b")
    time.sleep(0.3)
    screen.resize(40)
    assert "\x1b[6A" in screen.until("> a")


@terminals
def test_the_terminal_is_left_as_it_was_also_when_the_session_is_ended(terminal):
    import termios

    screen = terminal("choice")
    before = termios.tcgetattr(screen.master)
    screen.until("\n> ")
    assert termios.tcgetattr(screen.master) != before
    screen.process.send_signal(signal.SIGTERM)
    assert screen.process.wait(timeout=30) == 128 + signal.SIGTERM
    assert termios.tcgetattr(screen.master) == before


@terminals
@pytest.mark.parametrize("columns", [80, 40])
def test_the_verdict_fits_on_one_screen_and_the_rest_comes_on_enter(terminal, columns):
    screen = terminal("choice", columns=columns, rows=24)
    screen.until("\n> ")
    screen.type("1 3\n")
    text = COLOUR.sub("", screen.until("Enter shows the reasons"))
    verdict = text[text.index("Wrong") :]
    assert "you did not choose it" in verdict and "rated again" in verdict
    assert verdict.count("\n") < 24 and "Half of it is 4/2" not in verdict
    time.sleep(0.3)
    screen.type("\n")
    screen.until("Options")
    time.sleep(0.5)
    screen.type("q")
    ended(screen)


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        ("ab", [("text", "ab")]),
        ("a\n", [("text", "a"), ("move", "\n")]),
        ("a\rb\r\n", [("paste", "a\nb"), ("move", "\n")]),
        ("\n\n", [("move", "\n")] * 2),
        ("\x1b[200~q\n\x1b[201~", [("paste", "q\n")]),
        ("\x1b[Dx\x1bOC\x1b[3~\x1b", [("move", "\x1b[D"), ("text", "x"), ("move", "\x1bOC"),
                                     ("move", "\x1b[3~"), ("move", "\x1b")]),
    ],
)  # fmt: skip
def test_what_came_at_once_is_read_as_it_was_typed(chunk, found):
    assert list(tokens(chunk)) == found


def typed(*keys):
    line = Line()
    for key in keys:
        for kind, text in tokens(key):
            line.press(text) if kind == "move" else line.insert(text)
    return line


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["abc", "\x7f"], "ab"),
        (["abc", "\x1b[D", "x"], "abxc"),
        (["abc", "\x01", "x", "\x05", "y"], "xabcy"),
        (["abc", "\x1b[H", "\x1b[3~"], "bc"),
        (["one two ", "\x17"], "one "),
        (["one two", "\x15"], ""),
        (["ab", "\x1b[D", "\x0b"], "a"),
        (["a\u0302\U0001f469\u200d\U0001f4bb", "\x7f"], "a\u0302"),
        (["a\u0302", "\x7f", "\x7f", "\x1b[D", "\x1b[C", "\x1b[99~"], ""),
    ],
)
def test_a_line_is_edited(keys, text):
    assert typed(*keys).text == text


def test_a_long_line_goes_on_below_with_the_cursor_where_it_is():
    line = typed("x" * 12)
    assert line.rows(10) == (["> xxxxxxxx", "  xxxx"], 1, 6)
    line.press("\x01")
    assert line.rows(10)[1:] == (0, 2)
    assert typed("漢字漢字漢").rows(10) == (["> 漢字漢字", "  漢"], 1, 4)
    assert typed("\x1b[200~a\nb\x1b[201~").rows(10) == (["> a", "  b"], 1, 3)
