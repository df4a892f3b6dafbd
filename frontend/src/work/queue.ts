/* The queue: choosing lines, doing one action on many with progress, and keeping the lines fresh. */
import { showHelp } from "../lib/keys.ts";
import { readWords } from "../lib/page.ts";
import { toast } from "../lib/toast.ts";
import { keepQueueFresh } from "./fresh.ts";
import { postForRows, replaceRow } from "./rows.ts";

function queue(): HTMLElement | null {
  return document.getElementById("queue");
}

function picks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("#queue-rows input[name=code]")];
}

function picked(): HTMLInputElement[] {
  return picks().filter((box) => box.checked);
}

function part<T extends HTMLElement>(name: string): T | null {
  return document.querySelector<T>(`#queue [data-${name}]`);
}

function rowOf(box: HTMLElement): HTMLElement | null {
  return box.closest<HTMLElement>("tr");
}

/** Show what can be done with the chosen lines: an action that is the usual next step of every one of them. */
function showBulk(): void {
  const bar = part("bulk-bar");
  if (!bar) return;
  const chosen = picked();
  for (const box of picks()) rowOf(box)?.setAttribute("aria-selected", String(box.checked));
  const all = part<HTMLInputElement>("pick-all");
  if (all) {
    all.hidden = false;
    all.checked = chosen.length > 0 && chosen.length === picks().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
  const usual = new Set(chosen.map((box) => rowOf(box)?.dataset["usual"] ?? ""));
  const common = usual.size === 1 ? [...usual][0] : "";
  for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-bulk-action]")) {
    button.hidden = button.value !== common;
    button.classList.toggle("button-primary", button.value === common);
  }
  const words = part("bulk-words");
  if (words) words.textContent = readWords("queue-words")("chosen", { n: chosen.length });
  const hint = part("bulk-hint");
  if (hint) hint.hidden = !!common || chosen.length === 0;
  const clear = part("bulk-clear");
  if (clear) clear.hidden = false;
  bar.hidden = chosen.length === 0;
}

/** Do `action` on each chosen line, one after another, and show on each what came of it. */
async function runBulk(form: HTMLFormElement, action: string): Promise<void> {
  const words = readWords("queue-words");
  const chosen = picked();
  const box = part("bulk-progress");
  const bar = box?.querySelector("progress");
  const label = part("bulk-progress-words");
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("[data-bulk-bar] button")];
  buttons.forEach((button) => (button.disabled = true));
  if (box) box.hidden = false;
  let failed = 0;
  for (const [index, item] of chosen.entries()) {
    const code = item.value;
    if (label) label.textContent = words("progress", { done: index + 1, total: chosen.length });
    const rows = await postForRows(form, { code, action });
    const fresh = rows.get(code);
    if (fresh) replaceRow(fresh);
    else rowOf(item)?.querySelector("[data-row-result]")?.replaceChildren(words("failed"));
    if (!fresh || fresh.querySelector("[data-row-result][data-failed]")) failed += 1;
    if (bar) bar.value = (index + 1) / chosen.length;
  }
  buttons.forEach((button) => (button.disabled = false));
  if (box) box.hidden = true;
  for (const item of picks()) item.checked = false;
  showBulk();
  const done = chosen.length - failed;
  toast(failed > 0 ? words("partlyDone", { done, failed }) : words("allDone", { done }), failed > 0 ? "danger" : "done");
  const notice = document.getElementById("queue-changes");
  if (notice) {
    notice.hidden = false;
    notice.querySelector("[data-changes-words]")?.replaceChildren(words("handled", { n: done }));
  }
}

function bindChoosing(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-pick-all]")) picks().forEach((one) => (one.checked = box.checked));
    if (box.matches("[data-pick-all], #queue-rows input[name=code]")) showBulk();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target as HTMLElement).closest("[data-bulk-clear]")) return;
    picks().forEach((box) => (box.checked = false));
    showBulk();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.id !== "queue-bulk") return;
    event.preventDefault();
    const action = (event.submitter as HTMLButtonElement | null)?.value;
    if (action && picked().length > 0) void runBulk(form, action);
  });
}

/* A ticked box must not swallow the list's keys: typing in it means nothing, so hand them on. */
function bindKeysOnBoxes(): void {
  document.addEventListener("keydown", (event) => {
    const box = event.target as HTMLElement;
    if (!box.matches("#queue input[type=checkbox]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!["j", "k", "x", "?", "/"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    box.blur();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, bubbles: true, cancelable: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || picked().length === 0 || document.querySelector("dialog[open]")) return;
    picks().forEach((box) => (box.checked = false));
    showBulk();
  });
}

/* Pressing a line anywhere opens it; links, boxes and selected text keep their own meaning. */
function bindLineClicks(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>("#queue-rows tr");
    if (!row || event.defaultPrevented || target.closest("a, button, input, label, summary")) return;
    if (getSelection()?.toString()) return;
    const link = row.querySelector<HTMLAnchorElement>("a[href]");
    if (event.ctrlKey || event.metaKey) open(link?.href, "_blank", "noopener");
    else link?.click();
  });
}

/** A filter acts as soon as it is chosen; words in the search box when they are sent or cleared. */
function bindFilters(): void {
  const send = (event: Event): void => {
    const control = event.target as HTMLInputElement;
    if (control.form?.id !== "queue-filters") return;
    if (event.type === "change" ? control.type !== "search" : control.value === "") control.form.requestSubmit();
  };
  document.addEventListener("change", send);
  document.addEventListener("search", send);
}

let filtersOpen = matchMedia("(min-width: 60.01rem)").matches;

/** On a wide page the filters lie open; on a phone they wait behind their button, and stay as the person left them. */
function foldFilters(): void {
  const fold = document.querySelector<HTMLDetailsElement>(".queue-filter-fold");
  if (!fold) return;
  fold.open = filtersOpen;
  fold.addEventListener("toggle", () => (filtersOpen = fold.open));
  document.querySelectorAll<HTMLElement>("#queue [data-without-script]").forEach((button) => (button.hidden = true));
}

/** On a phone the scopes run off the edge: bring the current one into sight, without moving the page. */
function showCurrentTab(): void {
  const tabs = document.querySelector<HTMLElement>(".queue-tabs");
  const current = tabs?.querySelector<HTMLElement>("[aria-current]");
  if (tabs && current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}

/** Start everything the queue needs; does nothing on other pages. */
export function bindQueue(): void {
  if (!queue()) return;
  bindChoosing();
  bindKeysOnBoxes();
  bindLineClicks();
  bindFilters();
  foldFilters();
  showCurrentTab();
  showBulk();
  keepQueueFresh();
  const help = document.querySelector<HTMLButtonElement>("[data-keys-button]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", showHelp);
  }
  document.addEventListener("htmx:afterSettle", () => {
    foldFilters();
    showCurrentTab();
    showBulk();
  });
}
