"""The LaTeX commands that a question may use: what KaTeX and MathJax both know."""

_GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi
Pi Sigma Upsilon Phi Psi Omega digamma
"""

_OPERATORS = """
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg
lim liminf limsup ln log max min Pr sec sin sinh sup tan tanh sum prod coprod int iint iiint oint
bigcup bigcap bigsqcup bigvee bigwedge bigoplus bigotimes bigodot biguplus mod bmod limits nolimits
"""

_RELATIONS = """
approx asymp cong doteq equiv ge geq geqslant gg ggg gtrsim in ni notin le leq leqslant ll lll
lesssim mid nmid models ne neq parallel perp prec preceq propto sim simeq smile frown subset
subseteq subsetneq succ succeq supset supseteq supsetneq to vdash gets iff implies impliedby
lnot not colon triangleq lt gt dashv bowtie approxeq thickapprox thicksim
"""

_BINARY = """
ast bullet cap cdot circ cup dagger ddagger div land lor mp odot ominus oplus oslash otimes pm
setminus sqcap sqcup star times uplus vee wedge amalg bigcirc diamond wr circledast boxplus boxtimes
"""

_ARROWS = """
downarrow Downarrow leftarrow Leftarrow leftrightarrow Leftrightarrow longleftarrow Longleftarrow
longleftrightarrow Longleftrightarrow longmapsto longrightarrow Longrightarrow mapsto nearrow
nwarrow rightarrow Rightarrow rightharpoonup rightharpoondown leftharpoonup leftharpoondown
rightleftharpoons searrow swarrow uparrow Uparrow updownarrow Updownarrow hookrightarrow
hookleftarrow leadsto curvearrowright rightsquigarrow
"""

_SYMBOLS = """
aleph angle backslash beth bot cdots checkmark clubsuit complement ddots
diamondsuit dots dotsb dotsc ell emptyset varnothing eth exists nexists flat forall hbar heartsuit
hslash Im imath infty jmath langle lbrace lceil ldots lfloor lVert lvert nabla natural neg partial
pounds prime rangle rbrace rceil Re rfloor rVert rvert S sharp spadesuit square blacksquare
therefore because top triangle triangledown vdots Vert vert wp lbrack rbrack bigstar lozenge
lgroup rgroup lmoustache rmoustache
"""

_SPACING = """
quad qquad enspace thinspace medspace thickspace negthinspace mathstrut nonumber notag
displaystyle textstyle scriptstyle scriptscriptstyle bf it rm cal sf tt hline newline
"""

SYMBOLS = frozenset(
    " ".join((_GREEK, _OPERATORS, _RELATIONS, _BINARY, _ARROWS, _SYMBOLS, _SPACING)).split()
)

# One character behind the backslash.
SHORT = frozenset(r"{}|,:;!%$&#_ >\\")

_ONE = """
acute bar breve check ddot dot grave hat mathring tilde vec widehat widetilde overline underline
overbrace underbrace overrightarrow overleftarrow overleftrightarrow sqrt boldsymbol pmb mathbb
mathbf mathcal mathfrak mathit mathnormal mathrm mathscr mathsf mathtt mathop mathbin mathrel
mathopen mathclose mathord operatorname phantom hphantom vphantom boxed cancel bcancel xcancel pmod
pod substack smash xrightarrow xleftarrow dddot
"""

_TWO = "frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel"

ARGUMENTS = dict.fromkeys(_ONE.split(), 1) | dict.fromkeys(_TWO.split(), 2)

OPTIONAL = frozenset(("sqrt", "xrightarrow", "xleftarrow", "smash", "cfrac"))

# The argument is text or a length, not mathematics.
_TEXT = "text textbf textit textnormal textrm textsf texttt mbox tag hspace"

TEXT = frozenset(_TEXT.split())

_DELIMITERS = r"""
( ) [ ] | / . < > \{ \} \| \lbrace \rbrace \lbrack \rbrack \langle \rangle \lvert \rvert \lVert
\rVert \vert \Vert \lfloor \rfloor \lceil \rceil \backslash \uparrow \downarrow \updownarrow
\Uparrow \Downarrow \Updownarrow \lgroup \rgroup \lmoustache \rmoustache
"""

DELIMITERS = frozenset(_DELIMITERS.split())

SIZED = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)

_ENVIRONMENTS = """
align align* aligned alignedat array bmatrix Bmatrix cases equation equation* gather
gather* gathered matrix pmatrix smallmatrix split vmatrix Vmatrix
"""

ENVIRONMENTS = frozenset(_ENVIRONMENTS.split())

KNOWN = SYMBOLS | ARGUMENTS.keys() | TEXT | SIZED | {"left", "right", "middle", "begin", "end"}
