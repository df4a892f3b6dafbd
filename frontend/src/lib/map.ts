/* The map of every page: our base style, live points, a pin, popups. `createMap` draws into an element. */
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/maplibre.css";
import { chineseReady } from "./fonts.ts";
import { LocateControl, Pin, type PinConfig, type Position } from "./map_pin.ts";
import { addPoints, layerNames, markChosen, openCluster, type Points, type PointSource } from "./map_points.ts";
import { popupContent, type PopupConfig } from "./map_popup.ts";
import { type BaseMap, baseStyle } from "./map_style.ts";
import { make } from "./page.ts";
import { dark, onThemeChange } from "./theme.ts";
import { english, word } from "./words.ts";

/** What `{% map_view id config %}` takes; all parts may be missing. */
export interface MapConfig {
  center?: [number, number];
  zoom?: number;
  /** West, south, east, north: shown whole at first; wins over center and zoom. */
  bounds?: [number, number, number, number];
  maxBounds?: [number, number, number, number];
  minZoom?: number;
  maxZoom?: number;
  base?: BaseMap;
  /** Points given at once (clustered here), or one source of tiles, or several of both. */
  points?: Points;
  sources?: PointSource[];
  popup?: PopupConfig | false;
  pin?: PinConfig;
  locate?: boolean;
  /** One finger scrolls the page, two move the map; on by default for a small map without a pin. */
  cooperative?: boolean;
  interactive?: boolean;
  /** Buttons to zoom; off where only a mouse and a keyboard look at the map, as on the wall. */
  controls?: boolean;
  attribution?: string;
  /** Say beside the sources that parts are indicative (示意); on by default. */
  indicative?: boolean;
  /** Free room on each side when fitting, in px: [top, right, bottom, left]. */
  padding?: [number, number, number, number];
}

export type Picked = { source: string; properties: Record<string, unknown>; lon: number; lat: number };

export interface CityMap {
  readonly map: maplibregl.Map;
  readonly pin: Pin | null;
  setPoints(points: Points, source?: string): void;
  upsertPoint(feature: Points["features"][number], source?: string): void;
  removePoint(code: string, source?: string): void;
  refreshTiles(source: string, version: string | number): void;
  choose(code: string | null, source?: string): void;
  flash(lon: number, lat: number, tone?: string): void;
  show(lon: number, lat: number, zoom?: number): void;
  onPick(listener: (picked: Picked) => void): void;
  destroy(): void;
}

const DEFAULT_BASE: BaseMap = { kind: "vector", tiles: "/tiles/base/{z}/{x}/{y}.mvt" };
const FLASH_MS = 3200;
const POINTS = "points";

maplibregl.setWorkerUrl(new URL(MAP_WORKER, import.meta.url).href);

/** Draw a map into `element`, once Chinese letters can be drawn. ERRORS: throws where there is no WebGL. */
export async function createMap(element: HTMLElement, config: MapConfig = {}): Promise<CityMap> {
  await chineseReady();
  return new LinliMap(element, config);
}

function localeWords(): Record<string, string> {
  return {
    "AttributionControl.ToggleAttribution": word("attribution"),
    "Map.Title": word("mapLabel"),
    "Marker.Title": word("pin"),
    "NavigationControl.ResetBearing": word("north"),
    "NavigationControl.ZoomIn": word("zoomIn"),
    "NavigationControl.ZoomOut": word("zoomOut"),
    "Popup.Close": word("close"),
    "ScaleControl.Meters": english() ? "m" : "米",
    "ScaleControl.Kilometers": english() ? "km" : "公里",
    "CooperativeGesturesHandler.WindowsHelpText": word("gestureCtrl"),
    "CooperativeGesturesHandler.MacHelpText": word("gestureCommand"),
    "CooperativeGesturesHandler.MobileHelpText": word("gestureFingers"),
  };
}

function startView(config: MapConfig): Partial<maplibregl.MapOptions> {
  const [top, right, bottom, left] = config.padding ?? [24, 24, 24, 24];
  if (config.bounds) return { bounds: config.bounds, fitBoundsOptions: { padding: { top, right, bottom, left } } };
  return { center: config.center ?? [104.5, 30.4], zoom: config.zoom ?? 12 };
}

class LinliMap implements CityMap {
  readonly map: maplibregl.Map;
  readonly pin: Pin | null = null;
  private readonly sources: PointSource[];
  private readonly pickers = new Set<(picked: Picked) => void>();
  private readonly forgetTheme: () => void;
  private popup: maplibregl.Popup | null = null;

  constructor(private readonly element: HTMLElement, private readonly config: MapConfig) {
    this.sources = [...(config.sources ?? []), ...(config.points ? [{ id: POINTS, data: config.points }] : [])];
    const small = !element.closest("[data-fill]");
    this.map = new maplibregl.Map({
      container: element,
      style: this.style(),
      ...startView(config),
      ...(config.maxBounds ? { maxBounds: config.maxBounds } : {}),
      minZoom: config.minZoom ?? 7,
      maxZoom: config.maxZoom ?? 19,
      attributionControl: false,
      cooperativeGestures: config.cooperative ?? (small && !config.pin),
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      interactive: config.interactive ?? true,
      locale: localeWords(),
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.on("style.load", () => this.sources.forEach((source) => this.draw(source)));
    this.addControls();
    if (config.pin) this.pin = new Pin(this.map, config.pin, (position) => this.tell("pin", position));
    this.listen();
    this.forgetTheme = onThemeChange(() => this.map.setStyle(this.style()));
    this.map.once("load", () => this.tell("ready", {}));
  }

  private style(): maplibregl.StyleSpecification {
    return baseStyle(this.config.base ?? DEFAULT_BASE, dark());
  }

  private addControls(): void {
    const notes = [this.config.base?.attribution, this.config.attribution];
    if ((this.config.indicative ?? true) && this.config.base?.kind !== "raster") notes.push(word("indicative"));
    const customAttribution = notes.filter((note): note is string => !!note);
    this.map.addControl(new maplibregl.AttributionControl({ compact: false, customAttribution }), "bottom-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 100, unit: "metric" }), "bottom-left");
    if (this.config.interactive === false || this.config.controls === false) return;
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    if (this.config.locate && "geolocation" in navigator) {
      this.map.addControl(new LocateControl((at) => this.located(at), (words) => this.say(words)), "top-right");
    }
  }

  private located(position: Position): void {
    const bounds = this.config.maxBounds;
    if (bounds && !new maplibregl.LngLatBounds(bounds).contains([position.lon, position.lat])) {
      this.say(word("locateOutside"));
      return;
    }
    this.show(position.lon, position.lat, 17);
    this.pin?.set(position);
  }

  /** Show a sentence at the bottom of the map; the next one takes its place. */
  private say(words: string): void {
    this.element.querySelector(".map-message")?.remove();
    const line = make("p", { class: "map-message", role: "status" }, words);
    this.element.append(line);
    setTimeout(() => line.remove(), 8000);
  }

  private draw(source: PointSource): void {
    addPoints(this.map, source);
  }

  private listen(): void {
    this.map.on("click", (event) => {
      for (const { id } of this.sources) if (this.press(id, event)) return;
    });
    this.map.on("mousemove", (event) => {
      const layers = this.sources.flatMap(({ id }) => [layerNames(id).clusters, layerNames(id).points]);
      const known = layers.filter((layer) => this.map.getLayer(layer));
      const hit = known.length > 0 && this.map.queryRenderedFeatures(event.point, { layers: known }).length > 0;
      this.map.getCanvas().style.cursor = hit ? "pointer" : "";
    });
    this.map.on("error", (event) => {
      if (!this.element.dataset["failed"]) this.say(word("tilesFailed"));
      this.element.dataset["failed"] = "";
      console.warn(event.error);
    });
  }

  private press(id: string, event: maplibregl.MapMouseEvent): boolean {
    const names = layerNames(id);
    const layers = [names.points, names.clusters].filter((layer) => this.map.getLayer(layer));
    const { x, y } = event.point;
    const near: [maplibregl.PointLike, maplibregl.PointLike] = [[x - 6, y - 6], [x + 6, y + 6]];
    const feature = layers.length > 0 ? this.map.queryRenderedFeatures(near, { layers })[0] : undefined;
    if (feature?.geometry.type !== "Point") return false;
    const [lon, lat] = feature.geometry.coordinates as [number, number];
    if ("point_count" in feature.properties) {
      void openCluster(this.map, id, feature.properties, [lon, lat]);
      return true;
    }
    const picked = { source: id, properties: feature.properties as Record<string, unknown>, lon, lat };
    const code = picked.properties["code"];
    this.choose(typeof code === "string" ? code : null, id);
    this.pickers.forEach((listener) => listener(picked));
    this.tell("pick", picked);
    if (this.config.popup !== false) this.openPopup(picked);
    return true;
  }

  private openPopup(picked: Picked): void {
    this.popup?.remove();
    this.popup = new maplibregl.Popup({ offset: 14, maxWidth: "280px" })
      .setLngLat([picked.lon, picked.lat])
      .setDOMContent(popupContent(picked.properties, this.config.popup || {}))
      .addTo(this.map);
    this.popup.on("close", () => this.choose(null, picked.source));
  }

  private tell(name: string, detail: unknown): void {
    this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  private ensure(id: string): PointSource {
    let source = this.sources.find((one) => one.id === id);
    if (!source) {
      source = { id, data: { type: "FeatureCollection", features: [] } };
      this.sources.push(source);
      if (this.map.isStyleLoaded()) this.draw(source);
    }
    return source;
  }

  private update(id: string): void {
    const source = this.ensure(id);
    const drawn = this.map.getSource<maplibregl.GeoJSONSource>(id);
    if (source.data && drawn?.type === "geojson") void drawn.setData(source.data);
  }

  setPoints(points: Points, source = POINTS): void {
    this.ensure(source).data = points;
    this.update(source);
  }

  upsertPoint(feature: Points["features"][number], source = POINTS): void {
    const held = this.ensure(source);
    const others = (held.data?.features ?? []).filter((one) => one.properties["code"] !== feature.properties["code"]);
    held.data = { type: "FeatureCollection", features: [...others, feature] };
    this.update(source);
  }

  removePoint(code: string, source = POINTS): void {
    const held = this.ensure(source);
    held.data = { type: "FeatureCollection", features: (held.data?.features ?? []).filter((one) => one.properties["code"] !== code) };
    this.update(source);
  }

  refreshTiles(source: string, version: string | number): void {
    const held = this.sources.find((one) => one.id === source);
    const drawn = this.map.getSource<maplibregl.VectorTileSource>(source);
    if (!held?.tiles || drawn?.type !== "vector") return;
    const address = new URL(held.tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
    drawn.setTiles([`${address}${address.includes("?") ? "&" : "?"}v=${version}`]);
  }

  choose(code: string | null, source = POINTS): void {
    markChosen(this.map, source, code);
  }

  flash(lon: number, lat: number, tone = "new"): void {
    const element = make("div", { class: "map-flash", "data-tone": tone, "aria-hidden": "true" });
    const marker = new maplibregl.Marker({ element }).setLngLat([lon, lat]).addTo(this.map);
    setTimeout(() => marker.remove(), FLASH_MS);
  }

  show(lon: number, lat: number, zoom?: number): void {
    this.map.easeTo({ center: [lon, lat], ...(zoom ? { zoom: Math.max(zoom, this.map.getZoom()) } : {}) });
  }

  onPick(listener: (picked: Picked) => void): void {
    this.pickers.add(listener);
  }

  destroy(): void {
    this.forgetTheme();
    this.map.remove();
  }
}
