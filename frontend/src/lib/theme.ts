/* Language, theme and type size: cookies the server reads too, so that no page flashes in the wrong colours. */

const YEAR_S = 365 * 86_400;
type Listener = () => void;
const listeners = new Set<Listener>();

/** Tell whether the page is dark now: by the person's choice, by the system, or because it is the wall. */
export function dark(): boolean {
  const root = document.documentElement;
  if (root.dataset["page"] === "wall") return true;
  const chosen = root.dataset["theme"];
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Call `listener` whenever light turns to dark or back. */
export function onThemeChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Return the value of a token, such as "blue" or "ink-soft". */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function cookie(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

function choose(name: string, value: string): void {
  const root = document.documentElement;
  if (name === "theme") {
    cookie("linli_theme", value);
    if (value === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = value;
    listeners.forEach((listener) => listener());
  } else {
    cookie("linli_size", value);
    if (value === "large") root.dataset["size"] = "large";
    else delete root.dataset["size"];
  }
}

/** Make the switches act at once; without this they post to the server and come back. Language always posts. */
export function bindPreferences(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const pressed = event.submitter as HTMLButtonElement | null;
    if (!form.matches("[data-preferences]") || !pressed || pressed.name === "language") return;
    event.preventDefault();
    choose(pressed.name, pressed.value);
    for (const button of form.querySelectorAll<HTMLButtonElement>(`button[name=${pressed.name}]`)) {
      button.setAttribute("aria-pressed", String(button === pressed));
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => listeners.forEach((listener) => listener()));
}
