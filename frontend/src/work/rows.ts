/* Lines of the queue as the server draws them: fetched by code, put in the place of the old ones. */
import { formToken } from "../lib/page.ts";

function rowsOf(html: string): Map<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const row of page.querySelectorAll<HTMLElement>("tr[data-code]")) found.set(row.dataset["code"] ?? "", row);
  return found;
}

/** Fetch the lines of some cases; a case this person may not see, or a failed request, is simply absent. */
export async function fetchRows(address: string, codes: Iterable<string>): Promise<Map<string, HTMLElement>> {
  const query = new URLSearchParams();
  for (const code of codes) query.append("code", code);
  try {
    const response = await fetch(`${address}?${query.toString()}`, { headers: { "HX-Request": "true" } });
    return response.ok ? rowsOf(await response.text()) : new Map();
  } catch {
    return new Map();
  }
}

/** Post `fields` where `form` posts and return the lines that come back, with what came of it. */
export async function postForRows(form: HTMLFormElement, fields: Record<string, string>): Promise<Map<string, HTMLElement>> {
  const headers = { "HX-Request": "true", "X-CSRFToken": formToken() };
  // A button called "action" hides the property of that name.
  const address = form.getAttribute("action") ?? location.pathname;
  try {
    const response = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers });
    return response.ok ? rowsOf(await response.text()) : new Map();
  } catch {
    return new Map();
  }
}

/** Put a fresh line in the place of the old one; what is ticked, current, focused or was said of it stays so. */
export function replaceRow(fresh: HTMLElement): boolean {
  const old = document.getElementById(fresh.id);
  if (!old) return false;
  const row = document.importNode(fresh, true);
  const box = row.querySelector<HTMLInputElement>("input[name=code]");
  if (box) box.checked = old.querySelector<HTMLInputElement>("input[name=code]")?.checked ?? false;
  else if (old.querySelector(".queue-pick")) row.prepend(document.createElement("td"));
  const said = old.querySelector("[data-row-result]");
  const says = row.querySelector("[data-row-result]");
  if (said?.textContent && says && !says.textContent) says.replaceWith(said.cloneNode(true));
  if ("current" in old.dataset) row.dataset["current"] = "";
  if (old.getAttribute("aria-selected") === "true") row.setAttribute("aria-selected", "true");
  const held = document.activeElement;
  const inside = held instanceof HTMLElement && old.contains(held);
  const onBox = inside && held.matches("input");
  row.classList.add("arrives");
  old.replaceWith(row);
  if (inside) row.querySelector<HTMLElement>(onBox ? "input[name=code]" : "a[href]")?.focus({ preventScroll: true });
  return true;
}
