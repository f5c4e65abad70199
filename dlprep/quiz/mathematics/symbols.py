r"""Tables of LaTeX and the Unicode it becomes; a name in a table stands for `\name`."""

_TABLES = {
    "letter": (
        "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ "
        "imath ı jmath ȷ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ "
        "varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ "
        "Delta Δ Theta Θ Lambda Λ Xi Ξ "
        "Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ infty ∞ emptyset ∅ varnothing ∅ "
        "top ⊤ bot ⊥ dagger † ldots … dots … dotsc … dotsb ⋯ cdots ⋯ vdots ⋮ ddots ⋱ Re ℜ Im ℑ "
        r"degree ° checkmark ✓ \# # \$ $ \& & \_ _"
    ),
    "binary": (
        "+ + - - / / * * cdot · times × div ÷ pm ± mp ∓ odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ circ ∘ "
        "ast ∗ star ⋆ bullet • cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧ lor ∨ vee ∨ bmod mod"
    ),
    "relation": (
        "= = < < > > lt < gt > := := le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ "
        "gg ≫ approx ≈ simeq ≃ cong ≅ equiv ≡ sim ∼ propto ∝ triangleq ≜ coloneqq ≔ in ∈ "
        "notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → leftarrow ← "
        "gets ← leftrightarrow ↔ uparrow ↑ downarrow ↓ mapsto ↦ Rightarrow ⇒ Leftarrow ⇐ "
        "Leftrightarrow ⇔ implies ⟹ iff ⟺ longrightarrow ⟶ mid | perp ⊥ parallel ∥"
    ),
    "big": (
        "sum ∑ prod ∏ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ "
        "forall ∀ exists ∃"
    ),
    "prefix": "partial ∂ nabla ∇ neg ¬ lnot ¬",
    "opener": r"( ( [ [ \{ { lbrace { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖",
    "closer": r") ) ] ] \} } rbrace } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖",
    "bar": r"| | vert | \| ‖ Vert ‖",
    "comma": ", , ; ; . . : : colon :",
    "postfix": r"! ! prime ′ \% %",
    "function": (
        "log log ln ln lg lg exp exp sin sin cos cos tan tan cot cot sec sec csc csc arcsin arcsin "
        "arccos arccos arctan arctan sinh sinh cosh cosh tanh tanh coth coth max max min min "
        "sup sup inf inf lim lim limsup limsup liminf liminf arg arg argmax argmax argmin argmin "
        "det det dim dim ker ker Pr Pr gcd gcd deg deg"
    ),
}
_NAMES = r"\mathrm \mathit \mathsf \mathtt \operatorname \operatorname*"
_TEXTS = r"\text \textrm \textit \textbf \textsf \texttt"
_IGNORED = r"\displaystyle \textstyle \scriptstyle \scriptscriptstyle"
_LIMITED = r"""
\sum \prod \int \iint \oint \bigcup \bigcap \bigoplus \bigotimes \max \min \sup \inf \lim
"""
_SIZES = r"""
\big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr
"""


def _signs(role: str) -> dict[str, tuple[str, str]]:
    words = _TABLES[role].split()
    names = ["\\" + word if word.isalpha() else word for word in words[::2]]
    return {name: (text, role) for name, text in zip(names, words[1::2], strict=True)}


SIGNS = {name: sign for role in _TABLES for name, sign in _signs(role).items()} | {
    **dict.fromkeys(("~", r"\,", r"\;", r"\:", r"\>", r"\ "), (" ", "space")),
    **{r"\!": ("", "space"), r"\quad": ("  ", "space"), r"\qquad": ("   ", "space")},
}
CLOSERS = frozenset(token for token, (_, kind) in SIGNS.items() if kind == "closer")
DELIMITERS = ("opener", "closer", "bar")
LIMITED = frozenset(_LIMITED.split())
FUNCTIONS = frozenset(text for text, role in SIGNS.values() if role == "function")
ACCENTS = {
    **dict.fromkeys((r"\hat", r"\widehat"), "\u0302"),
    **dict.fromkeys((r"\tilde", r"\widetilde"), "\u0303"),
    **dict.fromkeys((r"\bar", r"\overline"), "\u0304"),
    **{r"\dot": "\u0307", r"\ddot": "\u0308", r"\check": "\u030c", r"\vec": "\u20d7"},
    **{r"\overrightarrow": "\u20d7", r"\overleftarrow": "\u20d6"},
}
WIDE = frozenset(name for name in ACCENTS if name.startswith((r"\over", r"\wide")))
TEXTS = frozenset(_TEXTS.split())
WORDS = TEXTS | frozenset(_NAMES.split())
STYLES = {
    **dict.fromkeys((r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb"), "BOLD"),
    **{r"\mathbb": "DOUBLE-STRUCK", r"\mathcal": "SCRIPT", r"\mathscr": "SCRIPT"},
}
IGNORED = frozenset(_IGNORED.split())
SIZES = frozenset(_SIZES.split())
FRACTIONS = frozenset((r"\frac", r"\dfrac", r"\tfrac", r"\binom", r"\dbinom", r"\tbinom"))
IN_SCRIPTS = (
    TEXTS
    | FRACTIONS
    | {name for name in STYLES if name.startswith(r"\math")}
    | {r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt"}
)
TABLES = {
    **dict.fromkeys(("aligned", "gathered"), "lines"),
    **dict.fromkeys(("matrix", "pmatrix", "bmatrix", "smallmatrix"), "matrix"),
    "cases": "cases",
}
COMMANDS = frozenset(
    (*SIGNS, *ACCENTS, *WORDS, *STYLES, *IGNORED, *SIZES, *FRACTIONS)
    + (r"\sqrt", r"\left", r"\right", r"\begin", r"\end", r"\limits", r"\pmod")
)
SUPERSCRIPTS = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ",
)
SUBSCRIPTS = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def styled(style: str, letter: str) -> str:
    """Return `letter` in a mathematical alphabet such as `BOLD` or `DOUBLE-STRUCK`.

    Raises:
        KeyError: Unicode has no such letter.
    """
    import unicodedata

    name = unicodedata.name(letter).split()[-1]
    case = "DIGIT" if letter.isdigit() else "CAPITAL" if letter.isupper() else "SMALL"
    for prefix in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{prefix}{style} {case} {name}")
        except KeyError:
            continue
    raise KeyError(letter)


def unknown(token: str) -> str:
    """Return what to do about a token that the grammar does not have."""
    from difflib import get_close_matches

    if token in "^_'":
        return f"{token} has nothing before it: write the sign that it belongs to"
    if token == "\\":
        return "a backslash at the end: name a command or delete it"
    if len(token) == 1:
        return rf"a bare {token} is no part of a formula: write a command, or \text{{…}}"
    # All of them are too many for a text full of slips; who mistypes, begins aright.
    begin = token[:2].lower()
    alike = sorted(name for name in COMMANDS if name[:2].lower() == begin)
    close = get_close_matches(token, alike, 1, 0.7)
    hint = f"did you mean {close[0]}?" if close else rf"for a word write \text{{{token[1:]}}}"
    return f"unknown command {token}: {hint}"


def unknown_environment(name: str) -> str:
    """Return what to do about an environment that the grammar does not have."""
    return f"unknown environment {name}: write one of {', '.join(sorted(TABLES))}"
