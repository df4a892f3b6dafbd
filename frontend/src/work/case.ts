/* One case: its page follows what others do, but never takes a half-filled form away. */
import htmx from "htmx.org";
import { connectLive, type LiveEvent } from "../lib/live.ts";
import { showLiveState } from "./fresh.ts";

function page(): HTMLElement | null {
  return document.getElementById("case");
}

/** Tell whether somebody is in the middle of something here. */
function isBusy(root: HTMLElement): boolean {
  if (root.querySelector("[data-action-form], [data-revealed]")) return true;
  return [...root.querySelectorAll<HTMLTextAreaElement>("textarea")].some((area) => area.value.trim() !== "");
}

function refresh(root: HTMLElement): void {
  void htmx.ajax("get", root.dataset["address"] ?? location.pathname, { target: "#case", swap: "outerHTML" });
}

function take(event: LiveEvent): void {
  const root = page();
  if (!root || event.subject.key !== root.dataset["code"]) return;
  // What this page itself did comes back as an event too.
  const at = Date.parse(event.at);
  if (at <= Date.parse(root.dataset["changedAt"] ?? "")) return;
  if (!isBusy(root)) refresh(root);
  else root.querySelector<HTMLElement>("[data-case-changed]")?.removeAttribute("hidden");
}

/* After an action the eye and the screen reader go to what was said about it, or to the first field of a form. */
function focusWhatMatters(event: Event): void {
  const target = event.target as HTMLElement;
  const wanted = target.querySelector<HTMLElement>("[data-focus-first], [data-said], [data-action-form] :is(input:not([type=hidden], [type=file]), select, textarea)");
  wanted?.focus({ preventScroll: false });
}

/** Start everything the page of a case needs; does nothing on other pages. */
export function bindCase(): void {
  if (!page()) return;
  connectLive({ onEvent: take, onState: showLiveState });
  document.addEventListener("htmx:afterSettle", focusWhatMatters);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], :popover-open")) return;
    page()?.querySelector<HTMLElement>("[data-action-form] [data-cancel]")?.click();
  });
}
