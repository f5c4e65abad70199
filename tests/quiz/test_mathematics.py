"""Formulas become text: the form of each construct, and what stays LaTeX."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.mathematics import readable

FORMS = {
    r"\frac{a+b}{c}": "(a + b)/c",
    r"\frac{a}{b c}": "a/(b c)",
    r"\frac{a}{b}c": "(a/b) c",
    r"c\frac{a}{b}": "c (a/b)",
    r"a + \frac{b}{c} - d": "a + b/c - d",
    r"\frac{\frac{a}{b}}{c}": "(a/b)/c",
    r"\frac{a}{b}^2": "(a/b)²",
    r"\frac{\log x}{n}": "(log x)/n",
    r"\log\frac{p(x)}{q(x)}": "log(p(x)/(q(x)))",
    r"\frac12": "1/2",
    r"x^{n+1} + x_{t-1}^2": "xⁿ⁺¹ + xₜ₋₁²",
    r"x^{\frac{1}{2}}": "x^(1/2)",
    r"x^23": "x² 3",
    r"2^{0.5}2 + 2^{2}2": "2^0.5 2 + 2² 2",
    r"x^{q+1}": "x^(q+1)",
    r"x^{\exp(2)} + L_{\text{train}}": "x^(exp(2)) + L_train",
    r"W_q^T": "W_q^T",
    r"x_{i,j}": "x_(i,j)",
    r"e^{z_i}": "e^(zᵢ)",
    r"w^*": "w^*",
    r"w^*(a+b)": "w^* (a + b)",
    r"a^{[l]} + x^{(i)}": "a^[l] + x⁽ⁱ⁾",
    r"f''(x) + f^\prime": "f′′(x) + f′",
    r"90^\circ": "90°",
    r"\sqrt{x} + \sqrt{x^2} + \sqrt{a+b}": "√x + √(x²) + √(a + b)",
    r"\sqrt{2}x": "√(2) x",
    r"\sqrt{x}^2": "(√x)²",
    r"\sqrt[3]{x}": "³√x",
    r"a\sqrt[3]{x}": "a (³√x)",
    r"\frac{Q K^\top}{\sqrt{d_k}}": "Q Kᵀ/√dₖ",
    r"\sum_{i=1}^{n} x_i": "∑ᵢ₌₁ⁿ xᵢ",
    r"\sum_{j \in S}\prod_{k=1}^K p_k": "∑_(j ∈ S) ∏ₖ₌₁ᴷ pₖ",
    r"\frac{1}{n}\sum_i (y_i - \hat{y}_i)^2": "(1/n) ∑ᵢ (yᵢ - ŷᵢ)²",
    r"\int_0^1 f(x)\,dx": "∫₀¹ f(x) dx",
    r"\frac{\partial L}{\partial w_{ij}}": "∂L/∂wᵢⱼ",
    r"\frac{\partial L}{\partial z}\frac{\partial z}{\partial w}": "(∂L/∂z) (∂z/∂w)",
    r"\frac{d f}{dx} \neq \frac{d}{k d}": "df/dx ≠ d/(k d)",
    r"-\eta\nabla_\theta L(\theta)": "-η ∇_θ L(θ)",
    r"2\pi r \cdot a \times b \odot g": "2πr · a × b ⊙ g",
    r"a \le b \ge c \approx d \neq e": "a ≤ b ≥ c ≈ d ≠ e",
    r"\theta \in \mathbb{R}^{n \times d}": "θ ∈ ℝ^(n × d)",
    r"\mathbb{E}_{x\sim p}[\log D(x)]": "𝔼_(x ∼ p)[log D(x)]",
    r"\mathcal{N}(0,1), \mathbf{W}\mathbf{x}": "𝒩(0, 1), 𝐖𝐱",
    r"\bar{x}, \tilde{C}_t, \hat{y_i}, \vec{v}": "x̄, C̃ₜ, ŷᵢ, v⃗",
    r"\mathrm{softmax}(z)_i": "softmax(z)ᵢ",
    r"D_{\text{KL}}(p \| q)": "D_KL(p ‖ q)",
    r"\operatorname{arg\,max}_\theta \exp(x)": "arg max_θ exp(x)",
    r"\log_2 x + \sin^2 x": "log₂ x + sin² x",
    r"\left(\frac{a}{b}\right)^2": "(a/b)²",
    r"\left\lVert x \right\rVert_2^2 + \|y\|": "‖x‖₂² + ‖y‖",
    r"|x|^2 + P(y|x)": "|x|² + P(y | x)",
    r"\left.\frac{df}{dx}\right|_{x=0}": "[df/dx]|ₓ₌₀",
    r"\lfloor \frac{n}{2} \rfloor": "⌊n/2⌋",
    r"\begin{cases} x & x > 0 \\ 0, & \text{otherwise} \end{cases}": "{ x if x > 0; 0 otherwise }",
    r"\begin{aligned} ab &= c \\ &= d \end{aligned}": "ab = c\n   = d",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^\top": "[[1, 2], [3, 4]]ᵀ",
    r"\binom{n}{k}": "(n choose k)",
    r"1{,}000, 2,500": "1,000, 2,500",
    r"10\% \pm 0.5": "10% ± 0.5",
    r"i = 1, \dots, n": "i = 1, …, n",
    r"a - -b = - c, (-d)": "a - -b = -c, (-d)",
    r"f(\cdot)": "f(·)",
    r"\eta\,(a + b) = 0.8\,a": "η (a + b) = 0.8 a",
    r"\nabla \log p - \,x": "∇ log p - x",
    r"\log - x + \sum -x": "log -x + ∑ -x",
}
REFUSED = (
    r"\underbrace{a}_{b}",
    r"\hat{xy}",
    r"{a+b}^2",
    r"{x^2}^3",
    r"x^a^b",
    r"x^{",
    r"(a",
    r"a)",
    r"\frac{a}",
    r"\unknown{a}",
    r"\sqrt[q]{x}",
    r"\left|a\left|b\right|c\right|",
    r"|a|b|",
    r"2\,3",
    r"\begin{pmatrix} a, b & c \end{pmatrix}",
    r"x + \begin{aligned} a \\ b \end{aligned}",
    r"\epsilon + \varepsilon",
    r"a & b",
    "",
)


@pytest.mark.parametrize("latex", FORMS)
def test_a_construct_has_its_form(latex):
    assert readable(latex) == FORMS[latex]


@pytest.mark.parametrize("latex", REFUSED)
def test_what_has_no_faithful_form_stays_latex(latex):
    assert readable(latex) is None


def test_deep_nesting_stays_latex():
    assert readable("{" * 5000 + "x" + "}" * 5000) is None


COMMANDS = r"\frac \sqrt \left \right \sum \hat \log \cdot \text \quad \partial \| \\"
PIECES = [*"ab12+-=^_{}()[]|,'&! ", *COMMANDS.split(), r"\begin{cases}", r"\end{cases}", r"\, "]


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=300)
def test_any_source_is_text_or_refused(pieces):
    result = readable("".join(pieces))
    assert result is None or (result and "\\" not in result)
