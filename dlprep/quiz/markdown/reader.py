"""Build the tree of a Markdown text from the parser's flat list."""

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from dlprep.quiz.markdown import grammar
from dlprep.quiz.markdown.tree import Block, Run, Runs


def blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text, in order."""
    return tuple(_blocks(iter(grammar.tokens(text))))


def runs(text: str) -> Runs:
    """Return the letters of a text that is one line: a title, an option, a key point."""
    return _runs(grammar.letters(text))


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    """Yield blocks until the list, item or quote is closed whose tokens these are."""
    for token in tokens:
        if token.type in ("list_item_close", "blockquote_close") or token.nesting < 0:
            return
        yield _block(token, tokens)


def _block(token: Token, tokens: Iterator[Token]) -> Block:
    match token.type:
        case "paragraph_open" | "heading_open":
            (inline,) = _until_close(tokens)
            kind = token.type.removesuffix("_open")
            return Block(kind, _runs(inline.children or []), info=token.tag[1:])
        case "bullet_list_open" | "ordered_list_open":
            return _list(token, tokens)
        case "blockquote_open":
            return Block("quote", children=tuple(_blocks(tokens)))
        case "table_open":
            return _table(tokens)
        case "fence" | "code_block":
            language = token.info.split()[:1]
            return Block("code", text=token.content.removesuffix("\n"), info="".join(language))
        case "display":
            return Block("display", text=token.content.strip())
        case "hr":
            return Block("paragraph", (Run("text", token.markup),))
    return Block("paragraph", (Run("text", token.content.strip()),))


def _until_close(tokens: Iterator[Token]) -> list[Token]:
    found = []
    for token in tokens:
        if token.nesting < 0:
            break
        found.append(token)
    return found


def _list(opening: Token, tokens: Iterator[Token]) -> Block:
    ordered = opening.type == "ordered_list_open"
    number = int(opening.attrs.get("start", 1)) if ordered else 0
    items, tight = [], True
    for token in tokens:
        if token.type != "list_item_open":
            break
        inside = _item(tokens)
        tight = tight and all(inner.hidden for inner in inside if inner.type == "paragraph_open")
        marker = f"{number + len(items)}{opening.markup}" if ordered else "-"
        items.append(Block("item", info=marker, children=tuple(_blocks(iter(inside)))))
    return Block("list", info="tight" if tight else "", children=tuple(items))


def _item(tokens: Iterator[Token]) -> list[Token]:
    """Take the tokens of one item."""
    found, depth = [], 1
    for token in tokens:
        depth += token.nesting
        if not depth:
            break
        found.append(token)
    return found


def _table(tokens: Iterator[Token]) -> Block:
    rows = []
    for token in tokens:
        if token.type != "tr_open":
            break
        rows.append(tuple(_runs(cell.children or []) for cell in _until_close(tokens)))
    columns = max(map(len, rows))
    return Block("table", rows=tuple((*row, *((),) * (columns - len(row))) for row in rows))


def _runs(children: Iterable[Token]) -> Runs:
    found: list[Run] = []
    bold = italic = 0
    link = ""
    for token in children:
        bold += token.nesting * (token.tag == "strong")
        italic += token.nesting * (token.tag == "em")
        if token.type == "link_open":
            link = str(token.attrs["href"])
        elif token.type == "link_close":
            link = ""
        elif run := _run(token):
            found.append(Run(*run, bold > 0, italic > 0, link))
    return tuple(_merged(found))


def _run(token: Token) -> tuple[str, str] | None:
    match token.type:
        case "code_inline":
            return "code", token.content
        case "formula":
            return "math", token.content
        case "softbreak" | "hardbreak":
            return "text", " "
    return ("text", token.content) if token.content else None


def _merged(found: list[Run]) -> Iterator[Run]:
    texts: list[str] = []
    for at, run in enumerate(found, 1):
        texts.append(run.text)
        after = found[at]._replace(text="") if at < len(found) else None
        if run.kind != "text" or after != run._replace(text=""):
            yield run._replace(text="".join(texts))
            texts = []
