// Draws the LaTeX that the pages hold in elements of class "math".
function drawMathematics() {
  for (const element of document.querySelectorAll(".math:not([data-drawn])")) {
    const displayMode = element.classList.contains("display");
    katex.render(element.textContent, element, { displayMode, throwOnError: false });
    element.dataset.drawn = "yes";
  }
}
document.addEventListener("DOMContentLoaded", drawMathematics);
