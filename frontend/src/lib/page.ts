/* Reading what the server left in the page for us. */
import { filled } from "./words.ts";

/** Return the JSON that `{% json_data id value %}` laid into the page, or null when it is not there. */
export function readJson<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

/** Return a function that gives a page's translated words, as laid there by `{% words id table %}`. */
export function readWords(id: string): (key: string, fill?: Record<string, string | number>) => string {
  const table = readJson<Record<string, string>>(id) ?? {};
  return (key, fill = {}) => filled(table[key] ?? key, fill);
}

/** Return the token that a form or request which changes something must carry. */
export function formToken(): string {
  return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Make an element: `make("span", {class: "badge"}, "word", child)`. Text is never read as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw an icon of the sprite that the page already uses. Names must be in icons.json or in a template. */
export function icon(name: string, label = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${spriteAddress()}#${name}`);
  svg.append(use);
  return svg;
}

function spriteAddress(): string {
  const used = document.querySelector("svg use")?.getAttribute("href") ?? "";
  return used.split("#")[0] ?? "";
}
