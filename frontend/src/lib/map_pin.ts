/* The pin: where something is. Dragged, pressed onto the map, moved by arrow keys, or set by the device's position. */
import * as maplibregl from "maplibre-gl";
import { icon, make } from "./page.ts";
import { word } from "./words.ts";

export interface PinConfig {
  lon?: number | null;
  lat?: number | null;
  /** Ids of the form fields that hold the position. */
  lonInput?: string;
  latInput?: string;
  /** A pin that only shows. */
  fixed?: boolean;
}

export interface Position {
  lon: number;
  lat: number;
}

const STEP_PX = 8;
const LONG_STEP_PX = 48;
const DIGITS = 6;
const SVG = "http://www.w3.org/2000/svg";
const ARROWS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function shape(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 36 46");
  svg.setAttribute("aria-hidden", "true");
  const drop = document.createElementNS(SVG, "path");
  drop.setAttribute("d", "M18 1.500C9 1.500 2 8.500 2 17c0 11 16 27 16 27s16-16 16-27c0-8.500-7-15.500-16-15.500Z");
  drop.setAttribute("fill", "currentColor");
  drop.setAttribute("stroke", "#fff");
  drop.setAttribute("stroke-width", "2");
  const eye = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ cx: "18", cy: "17", r: "6", fill: "#fff" })) eye.setAttribute(name, value);
  svg.append(drop, eye);
  return svg;
}

/** A pin on a map. `onMove` hears every new position, also the first one. */
export class Pin {
  private marker: maplibregl.Marker | null = null;
  private readonly spoken = make("span", { class: "unseen", role: "status" });

  constructor(
    private readonly map: maplibregl.Map,
    private readonly config: PinConfig,
    private readonly onMove: (position: Position) => void,
  ) {
    map.getContainer().append(this.spoken);
    const start = this.start();
    if (start) this.set(start, false);
    if (!config.fixed) map.on("click", (event) => this.set({ lon: event.lngLat.lng, lat: event.lngLat.lat }));
  }

  /** Where the pin stands, or null before it was placed. */
  get position(): Position | null {
    const at = this.marker?.getLngLat();
    return at ? { lon: at.lng, lat: at.lat } : null;
  }

  /** Place the pin; the form's fields follow. */
  set(position: Position, tell = true): void {
    if (!this.marker) this.marker = this.make();
    this.marker.setLngLat([position.lon, position.lat]).addTo(this.map);
    this.write(position, tell);
  }

  private start(): Position | null {
    const read = (id: string | undefined): number => Number.parseFloat(this.input(id)?.value ?? "");
    const lon = this.config.lon ?? read(this.config.lonInput);
    const lat = this.config.lat ?? read(this.config.latInput);
    return Number.isFinite(lon) && Number.isFinite(lat) ? { lon, lat } : null;
  }

  private input(id: string | undefined): HTMLInputElement | null {
    return id ? (document.getElementById(id) as HTMLInputElement | null) : null;
  }

  private make(): maplibregl.Marker {
    const fixed = this.config.fixed ?? false;
    const element: HTMLElement = fixed ? make("div", { class: "map-pin" }) : make("button", { type: "button", class: "map-pin" });
    element.append(shape());
    const marker = new maplibregl.Marker({ element, anchor: "bottom", draggable: !fixed });
    if (fixed) {
      element.setAttribute("role", "img");
      element.setAttribute("aria-label", word("pin").split(/[。.]/)[0] ?? "");
      return marker;
    }
    element.addEventListener("click", (event) => event.stopPropagation());
    element.addEventListener("keydown", (event) => this.step(event));
    marker.on("dragend", () => this.write(this.position));
    // MapLibre names the marker itself once it is on the map: our own name comes after.
    queueMicrotask(() => element.setAttribute("aria-label", word("pin")));
    return marker;
  }

  private step(event: KeyboardEvent): void {
    const way = ARROWS[event.key];
    const at = this.marker?.getLngLat();
    if (!way || !at) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? LONG_STEP_PX : STEP_PX;
    const point = this.map.project(at);
    const to = this.map.unproject([point.x + way[0] * far, point.y + way[1] * far]);
    this.set({ lon: to.lng, lat: to.lat });
    if (!this.map.getBounds().contains(to)) this.map.panTo(to);
  }

  private write(position: Position | null, tell = true): void {
    if (!position) return;
    const texts = { lon: position.lon.toFixed(DIGITS), lat: position.lat.toFixed(DIGITS) };
    for (const [id, text] of [[this.config.lonInput, texts.lon], [this.config.latInput, texts.lat]] as const) {
      const input = this.input(id);
      if (!input || input.value === text) continue;
      input.value = text;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (!tell) return;
    this.spoken.textContent = word("pinMoved", { lon: position.lon.toFixed(4), lat: position.lat.toFixed(4) });
    this.onMove(position);
  }
}

/** A button on the map that asks the device where it is, once, on request. */
export class LocateControl implements maplibregl.IControl {
  private readonly box = make("div", { class: "maplibregl-ctrl maplibregl-ctrl-group" });

  constructor(
    private readonly found: (position: Position) => void,
    private readonly failed: (words: string) => void,
  ) {}

  onAdd(): HTMLElement {
    const button = make("button", { type: "button", title: word("locate"), "aria-label": word("locate") }, icon("locate-fixed"));
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (answer) => {
          button.removeAttribute("aria-busy");
          this.found({ lon: answer.coords.longitude, lat: answer.coords.latitude });
        },
        (error) => {
          button.removeAttribute("aria-busy");
          this.failed(word(error.code === error.PERMISSION_DENIED ? "locateDenied" : "locateFailed"));
        },
        { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
      );
    });
    this.box.append(button);
    return this.box;
  }

  onRemove(): void {
    this.box.remove();
  }
}
