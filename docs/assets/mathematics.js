// Draws the mathematics that the Markdown extension left in elements of class "arithmatex".
function drawMathematics() {
  for (const element of document.querySelectorAll(".arithmatex:not([data-drawn])")) {
    const source = element.textContent.trim();
    const display = source.startsWith("\\[");
    katex.render(source.slice(2, -2), element, { displayMode: display, throwOnError: false });
    element.dataset.drawn = "yes";
  }
}
document.addEventListener("DOMContentLoaded", drawMathematics);
