/* Keyboard: shortcuts that do not fight with typing, and the dialog that lists them (`?`). */
import { icon, make } from "./page.ts";
import { word } from "./words.ts";

interface Shortcut {
  key: string;
  words: string;
  act: (event: KeyboardEvent) => void;
}

const shortcuts = new Map<string, Shortcut>();

/** Register `key` (as KeyboardEvent.key says it) with the words that the help shows. */
export function shortcut(key: string, words: string, act: (event: KeyboardEvent) => void): void {
  shortcuts.set(key, { key, words, act });
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest("input, textarea, select, [contenteditable], linli-map");
}

/** Show the list of shortcuts. */
export function showHelp(): void {
  document.getElementById("keys-help")?.remove();
  const list = make("dl", { class: "keys" });
  for (const { key, words } of shortcuts.values()) {
    list.append(make("dt", {}, make("kbd", {}, key === "Enter" ? "↵" : key)), make("dd", {}, words));
  }
  const close = make("button", { type: "button", class: "button button-plain button-icon", "aria-label": word("close") }, icon("x"));
  const title = make("h2", { id: "keys-help-title" }, word("keys"));
  const dialog = make(
    "dialog",
    { class: "dialog", id: "keys-help", "aria-labelledby": "keys-help-title" },
    make("div", { class: "dialog-title" }, title, close),
    list,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Move the current line of a list: lines are `[data-line]` inside `[data-lines]`, the link in them is opened. */
export function bindLines(): void {
  if (!document.querySelector("[data-lines]")) return;
  const lines = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-lines] [data-line]")];
  const move = (by: number): void => {
    const all = lines();
    const now = all.findIndex((line) => "current" in line.dataset);
    const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
    if (!next) return;
    all.forEach((line) => delete line.dataset["current"]);
    next.dataset["current"] = "";
    next.scrollIntoView({ block: "nearest" });
    next.querySelector<HTMLElement>("a[href]")?.focus({ preventScroll: true });
  };
  shortcut("j", word("keyNext"), () => move(1));
  shortcut("k", word("keyPrevious"), () => move(-1));
  shortcut("x", word("keySelect"), () => {
    document.querySelector<HTMLInputElement>("[data-line][data-current] input[type=checkbox]")?.click();
  });
  shortcut("Enter", word("keyOpen"), (event) => {
    if ((event.target as HTMLElement).closest("a, button, summary")) return;
    document.querySelector<HTMLAnchorElement>("[data-line][data-current] a[href]")?.click();
  });
}

/** Listen to the keyboard. */
export function bindKeys(): void {
  shortcut("/", word("keySearch"), (event) => {
    const search = document.querySelector<HTMLInputElement>("input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  bindLines();
  shortcut("?", word("keyHelp"), showHelp);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    shortcuts.get(event.key)?.act(event);
  });
}
