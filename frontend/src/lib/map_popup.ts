/* What a pressed point says: its name, its state in icon, word and colour, and the way to its page. */
import { icon, make } from "./page.ts";
import { english, filled } from "./words.ts";

/** Names of the properties to show. `url` is an address with {property} places. */
export interface PopupConfig {
  title?: string;
  label?: string;
  url?: string;
  link?: string;
}

const TONE_ICONS: Record<string, string> = {
  new: "circle-plus",
  active: "circle-dot",
  waiting: "hourglass",
  danger: "triangle-alert",
  done: "circle-check",
  muted: "circle-minus",
  drill: "flask-conical",
};

function read(properties: Record<string, unknown>, name: string): string {
  for (const key of [`${name}_${english() ? "en" : "zh"}`, name, `${name}_zh`]) {
    const value = properties[key];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return "";
}

/** Build the popup of a point. */
export function popupContent(properties: Record<string, unknown>, config: PopupConfig): HTMLElement {
  const code = read(properties, "code");
  const title = read(properties, config.title ?? "title") || read(properties, "name") || code;
  const label = read(properties, config.label ?? "label");
  const tone = read(properties, "tone") || "muted";
  const box = make("div", { class: "map-popup" }, make("strong", {}, title));
  if (label) {
    box.append(make("span", {}, make("span", { class: "badge", "data-tone": tone }, icon(TONE_ICONS[tone] ?? "circle-minus"), label)));
  }
  const address = config.url ? filled(config.url, properties as Record<string, string>) : read(properties, "url");
  if (address.startsWith("/")) box.append(make("a", { href: address }, config.link ?? code));
  else if (code && code !== title) box.append(make("span", { class: "soft small" }, code));
  return box;
}
