/* Pages of figures: charts and the print button. */
import "../lib/chart_element.ts";
import "../styles/figures.css";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
