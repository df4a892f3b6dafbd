/* Staff pages of cases: the queue and one case. Everything here eases what already works without it. */
import "../styles/work.css";
import { bindCase } from "../work/case.ts";
import { bindQueue } from "../work/queue.ts";

bindQueue();
bindCase();
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
