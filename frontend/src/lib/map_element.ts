/* <linli-map>: the element that `{% map_view %}` writes. Reads its own JSON, draws, falls back to its table. */
import { type CityMap, createMap, type MapConfig } from "./map.ts";
import { make } from "./page.ts";
import { word } from "./words.ts";

export class MapElement extends HTMLElement {
  /** Resolves with the map once it is drawn; rejects where it cannot be. */
  readonly ready: Promise<CityMap>;
  private resolve!: (map: CityMap) => void;
  private reject!: (reason: unknown) => void;
  private city: CityMap | null = null;

  constructor() {
    super();
    this.ready = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.ready.catch(() => undefined);
  }

  connectedCallback(): void {
    if (!this.city) void this.draw();
  }

  disconnectedCallback(): void {
    this.city?.destroy();
    this.city = null;
  }

  private async draw(): Promise<void> {
    const frame = this.querySelector<HTMLElement>("[data-map-frame]");
    const text = this.querySelector("script[type='application/json']")?.textContent ?? "{}";
    if (!frame) return;
    frame.replaceChildren(make("p", { class: "map-message", role: "status" }, word("mapLoading")));
    try {
      const config = JSON.parse(text) as MapConfig;
      const canvas = make("div", { class: "map-canvas" });
      frame.prepend(canvas);
      this.city = await createMap(canvas, config);
      this.city.map.getCanvas().setAttribute("aria-label", this.dataset["label"] ?? word("mapLabel"));
      frame.querySelector(":scope > .map-message")?.remove();
      this.resolve(this.city);
    } catch (error) {
      console.warn(error);
      frame.replaceChildren(make("p", { class: "map-message", role: "alert" }, word("mapFailed")));
      this.querySelector<HTMLDetailsElement>("details.twin")?.setAttribute("open", "");
      this.reject(error);
    }
  }
}

customElements.define("linli-map", MapElement);
