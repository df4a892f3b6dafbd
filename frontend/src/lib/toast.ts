/* Short words from the house, bottom right, gone after a while; errors stay until closed. */
import { icon, make } from "./page.ts";
import { word } from "./words.ts";

export type Tone = "info" | "done" | "waiting" | "danger";

const SHOWN_MS = 6000;
const ICONS: Record<Tone, string> = { info: "info", done: "circle-check", waiting: "hourglass", danger: "triangle-alert" };

/** Show `text`; a screen reader hears it. A toast of tone "danger" stays until it is closed. */
export function toast(text: string, tone: Tone = "info"): void {
  const region = document.getElementById("toasts");
  if (!region) return;
  const close = make("button", { type: "button", class: "button button-plain button-icon", "aria-label": word("close") }, icon("x"));
  const line = make("div", { class: "toast", "data-tone": tone }, icon(ICONS[tone]), make("span", {}, text), close);
  close.addEventListener("click", () => line.remove());
  region.append(line);
  if (tone !== "danger") setTimeout(() => line.remove(), SHOWN_MS);
}
