/* The wall: events arrive by the stream, draw the eye once on the map, and their panels are fetched afresh. */
import "../styles/wall.css";
import { connectLive, type LiveEvent, type LiveState } from "../lib/live.ts";
import type { CityMap } from "../lib/map.ts";
import { MapElement } from "../lib/map_element.ts";
import { readWords } from "../lib/page.ts";
import { english } from "../lib/words.ts";

const words = readWords("wall-words");
const PANEL_EVERY_MS = 1000;
const TILES_EVERY_MS = 15_000;
const CALM_EVERY_MS = 60_000;
const LIVE = "live";
/** What the panels cover on a wide screen, in px: the city stands in the middle of what is left. */
const COVERED = { top: 64, right: 424, bottom: 200, left: 424 };
const WIDE = "(min-width: 75rem)";

/** One panel: fetched after an event it cares for, at most once a second; new lines arrive visibly. */
class WallPanel {
  private readonly cares: string[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastMs = 0;

  constructor(private readonly element: HTMLElement) {
    this.cares = (element.dataset["refreshOn"] ?? "").split(" ").filter(Boolean);
  }

  hear(event: string): void {
    if (this.cares.includes(event)) this.soon();
  }

  soon(): void {
    if (this.timer !== undefined) return;
    const waitMs = Math.max(0, PANEL_EVERY_MS - (performance.now() - this.lastMs));
    this.timer = setTimeout(() => void this.fetch(), waitMs);
  }

  private async fetch(): Promise<void> {
    this.lastMs = performance.now();
    try {
      const response = await fetch(this.element.dataset["url"] ?? "", { headers: { "HX-Request": "true" } });
      if (response.ok) this.replace(await response.text());
    } catch {
      // The stream's state says that we are cut off; the next event tries again.
    }
    this.timer = undefined;
  }

  private replace(html: string): void {
    const before = new Set(this.keys());
    this.element.innerHTML = html;
    for (const line of this.element.querySelectorAll<HTMLElement>("[data-key]")) {
      if (!before.has(line.dataset["key"] ?? "")) line.classList.add("arrives");
    }
  }

  private keys(): string[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-key]")].map((line) => line.dataset["key"] ?? "");
  }
}

/** What is newer than the tiles lies above them until the tiles are fetched again. */
class WallMap {
  private changed: string[] = [];

  constructor(private readonly city: CityMap) {
    setInterval(() => this.refresh(), TILES_EVERY_MS);
  }

  hear(event: LiveEvent): void {
    const { code, lon, lat, tone } = event.data as { code?: string; lon?: number; lat?: number; tone?: string };
    if (code === undefined || lon === undefined || lat === undefined) return;
    this.city.flash(lon, lat, tone ?? "new");
    const properties = { ...event.data };
    this.city.upsertPoint({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties }, LIVE);
    this.changed.push(code);
  }

  refresh(): void {
    if (this.changed.length === 0) return;
    const settled = this.changed;
    this.changed = [];
    this.city.refreshTiles("cases", Date.now());
    this.city.map.once("idle", () => settled.forEach((code) => this.city.removePoint(code, LIVE)));
  }
}

const panels = [...document.querySelectorAll<HTMLElement>("[data-panel]")].map((element) => new WallPanel(element));
const state = document.getElementById("live-state");
const spoken = document.getElementById("wall-spoken");
let map: WallMap | null = null;

function onState(now: LiveState): void {
  if (!state) return;
  state.dataset["state"] = now;
  state.textContent = words(now);
  if (now === "online") panels.forEach((panel) => panel.soon());
}

function onEvent(event: LiveEvent): void {
  panels.forEach((panel) => panel.hear(event.event));
  map?.hear(event);
  if (spoken && event.event === "case.opened") {
    const name = event.data[english() ? "category_name_en" : "category_name_zh"];
    spoken.textContent = `${words("opened")} ${typeof name === "string" ? name : ""}`;
  }
}

function keepClock(): void {
  const clock = document.getElementById("wall-clock") as HTMLTimeElement | null;
  if (!clock) return;
  const format = new Intl.DateTimeFormat(english() ? "en-GB" : "zh-CN", {
    month: "long", day: "numeric", weekday: "long", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
    timeZone: clock.dataset["zone"] || "Asia/Shanghai",
  });
  const tick = (): void => {
    const now = new Date();
    clock.dateTime = now.toISOString();
    clock.textContent = format.format(now);
  };
  tick();
  setInterval(tick, 1000);
}

const element = document.getElementById("wall-map");
if (element instanceof MapElement) {
  void element.ready.then((city) => {
    if (matchMedia(WIDE).matches) city.map.jumpTo({ center: city.map.getCenter(), padding: COVERED });
    map = new WallMap(city);
    document.documentElement.dataset["wallReady"] = "";
  });
}
keepClock();
connectLive({ onEvent, onState, onGap: () => location.reload() });
// Figures that turn with the clock (today, overdue) move without any event.
setInterval(() => panels.forEach((panel) => panel.soon()), CALM_EVERY_MS);
