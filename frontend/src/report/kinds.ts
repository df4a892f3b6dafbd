/* What kind of thing it is: suggested from words and file names, found by search, chosen by one tap. */
import { icon, make } from "../lib/page.ts";
import type { Words } from "./photos.ts";

export interface Kind {
  code: string;
  name: string;
  icon: string;
  keywords: string[];
}

const FOUND_MAX = 8;

export class Kinds {
  private readonly grid: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly none: HTMLElement;
  private readonly cards: HTMLElement[];

  constructor(
    root: HTMLElement,
    private readonly all: Kind[],
    private readonly words: Words,
    private readonly onChosen: (kind: Kind, tapped: boolean) => void,
  ) {
    const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) as HTMLElement;
    this.grid = find("[data-kind-grid]");
    this.hint = find("[data-kind-hint]");
    this.none = find("[data-kind-none]");
    this.cards = [...this.grid.querySelectorAll<HTMLElement>(".kind")];
    const search = find("[data-kind-search] input") as HTMLInputElement;
    find("[data-kind-search]").hidden = false;
    search.addEventListener("input", () => this.search(search.value));
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    this.grid.addEventListener("change", () => this.tell(false));
    this.grid.addEventListener("click", (event) => {
      // A press by finger or mouse counts clicks; the arrow keys of a keyboard do not.
      if (event.detail > 0 && (event.target as HTMLElement).closest("label, input")) {
        setTimeout(() => this.tell(true));
      }
    });
  }

  get chosen(): Kind | null {
    const code = this.grid.querySelector<HTMLInputElement>("input:checked")?.value;
    return this.all.find((kind) => kind.code === code) ?? null;
  }

  choose(code: string): void {
    const kind = this.all.find((one) => one.code === code);
    if (!kind) return;
    const card = this.cardOf(kind);
    const input = card.querySelector("input");
    if (input) input.checked = true;
    card.hidden = false;
    this.tell(false);
  }

  /** Mark the most likely kind and put it first; nothing is chosen for the person. */
  suggest(code: string): void {
    const kind = this.all.find((one) => one.code === code);
    this.grid.querySelector("[data-suggested]")?.removeAttribute("data-suggested");
    this.hint.hidden = !kind;
    if (!kind) return;
    const card = this.cardOf(kind);
    card.dataset["suggested"] = "";
    this.grid.prepend(card);
    this.hint.textContent = this.words("kind_suggested", { name: kind.name });
  }

  private search(text: string): void {
    const wanted = text.trim().toLowerCase();
    const fits = (kind: Kind): boolean =>
      kind.name.toLowerCase().includes(wanted) ||
      kind.keywords.some((word) => word.toLowerCase().includes(wanted) || (wanted.length > 1 && wanted.includes(word.toLowerCase())));
    for (const card of this.grid.querySelectorAll<HTMLElement>("[data-found]")) {
      if (!card.querySelector("input:checked")) card.remove();
    }
    let shown = 0;
    for (const card of this.cards) {
      const kind = this.all.find((one) => one.code === card.dataset["code"]);
      card.hidden = wanted !== "" && !(kind && fits(kind)) && !card.querySelector("input:checked");
      if (!card.hidden) shown += 1;
    }
    if (wanted) {
      const others = this.all.filter((kind) => fits(kind) && !this.card(kind.code)).slice(0, FOUND_MAX);
      for (const kind of others) this.cardOf(kind).dataset["found"] = "";
      shown += others.length;
    }
    this.none.hidden = shown > 0;
  }

  private card(code: string): HTMLElement | null {
    return this.grid.querySelector<HTMLElement>(`[data-code="${CSS.escape(code)}"]`);
  }

  private cardOf(kind: Kind): HTMLElement {
    const there = this.card(kind.code);
    if (there) return there;
    const input = make("input", { type: "radio", name: "kind", value: kind.code });
    const card = make("label", { class: "kind", "data-code": kind.code }, input, icon(kind.icon), make("span", {}, kind.name));
    this.grid.append(card);
    return card;
  }

  private tell(tapped: boolean): void {
    const kind = this.chosen;
    if (kind) this.onChosen(kind, tapped);
  }
}
