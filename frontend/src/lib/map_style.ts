/* Our own base style: a quiet map on which live things are loud. Light and dark differ in colours only. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification, SymbolLayerSpecification } from "maplibre-gl";
import { FAMILIES } from "./fonts.ts";
import { english } from "./words.ts";

export interface BaseMap {
  kind: "vector" | "raster" | "none";
  /** Address of the tiles with {z}, {x}, {y}; several addresses share the load. */
  tiles: string | string[];
  attribution?: string;
  tileSize?: number;
  maxZoom?: number;
}

interface Palette {
  ground: string;
  land: string;
  town: string;
  green: string;
  water: string;
  waterLine: string;
  waterText: string;
  building: string;
  buildingLine: string;
  road: string;
  roadEdge: string;
  roadStrong: string;
  line: string;
  border: string;
  grid: string;
  text: string;
  textSoft: string;
  halo: string;
  facility: string;
}

const LIGHT: Palette = {
  ground: "#e9ecec",
  land: "#f2f4f1",
  town: "#ebecea",
  green: "#dfead9",
  water: "#d3e1ea",
  waterLine: "#b9cfdd",
  waterText: "#41677f",
  building: "#e9e9e5",
  buildingLine: "#dcdcd7",
  road: "#ffffff",
  roadEdge: "#cdd4d6",
  roadStrong: "#fdf0cf",
  line: "#a9b5bd",
  border: "#6d7d88",
  grid: "#b8c3ca",
  text: "#3d4b56",
  textSoft: "#5d6b76",
  halo: "#f7f8f6",
  facility: "#5d7fa6",
};

const DARK: Palette = {
  ground: "#08121a",
  land: "#0e1b26",
  town: "#12212d",
  green: "#10261f",
  water: "#11283a",
  waterLine: "#18344a",
  waterText: "#6f9dbb",
  building: "#152532",
  buildingLine: "#1b2e3d",
  road: "#20323f",
  roadEdge: "#0e1b26",
  roadStrong: "#2c4150",
  line: "#31485a",
  border: "#4f6a80",
  grid: "#2a3f4f",
  text: "#a9bac7",
  textSoft: "#8397a6",
  halo: "#0b1620",
  facility: "#7fa3cc",
};

const SOURCE = "base";
const TILES_FROM = 8;
const TILES_TO = 15;
const WALL_PX = 1200;
const GREEN = ["park", "green", "pocket_park", "forest", "grass", "scenic"];
const MAJOR = ["motorway", "trunk", "primary", "expressway"];
const MIDDLE = ["secondary", "tertiary", "motorway_link", "trunk_link", "primary_link"];

function oneOf(attribute: string, values: string[]): ExpressionSpecification {
  return ["in", ["get", attribute], ["literal", values]];
}

function isLine(): ExpressionSpecification {
  return ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]];
}

/** The name of a feature in the page's language. */
export function nameOf(): ExpressionSpecification {
  const chinese: ExpressionSpecification = ["coalesce", ["get", "name"], ["get", "name_zh"], ""];
  return english() ? ["coalesce", ["get", "name_en"], chinese] : chinese;
}

function grow(...stops: number[]): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops] as unknown as ExpressionSpecification;
}

function layer(id: string, name: string): { id: string; source: string; "source-layer": string } {
  return { id, source: SOURCE, "source-layer": name };
}

/** Class of a road: what it weighs at a zoom. */
function roadWidth(scale: number): ExpressionSpecification {
  const wide = (major: number, middle: number, minor: number): ExpressionSpecification => [
    "case", oneOf("kind", MAJOR), major * scale, oneOf("kind", MIDDLE), middle * scale, minor * scale,
  ];
  return [
    "interpolate", ["exponential", 1.5], ["zoom"],
    9, wide(1, 0.6, 0.3), 13, wide(3, 2, 1), 16, wide(9, 6.5, 4), 19, wide(28, 22, 16),
  ];
}

function ground(p: Palette): LayerSpecification[] {
  return [
    { id: "ground", type: "background", paint: { "background-color": p.ground } },
    { ...layer("land", "boundary"), type: "fill", filter: ["!", isLine()], paint: { "fill-color": p.land } },
    {
      ...layer("built-up", "land"), type: "fill",
      paint: { "fill-color": ["case", oneOf("kind", GREEN), p.green, p.town] },
    },
    { ...layer("water", "water"), type: "fill", filter: ["!", isLine()], paint: { "fill-color": p.water } },
    {
      ...layer("river", "water"), type: "line", filter: isLine(),
      paint: { "line-color": p.waterLine, "line-width": grow(9, 0.6, 14, 2.5, 18, 10) },
      layout: { "line-cap": "round", "line-join": "round" },
    },
    {
      ...layer("building", "building"), type: "fill", minzoom: 13.5,
      paint: { "fill-color": p.building, "fill-outline-color": p.buildingLine },
    },
    {
      ...layer("rail", "road"), type: "line", filter: ["==", ["get", "kind"], "rail"],
      paint: { "line-color": p.line, "line-width": grow(9, 0.6, 16, 2.5), "line-dasharray": [6, 2] },
    },
    {
      ...layer("road-edge", "road"), type: "line", minzoom: 12, filter: ["!=", ["get", "kind"], "rail"],
      paint: { "line-color": p.roadEdge, "line-width": roadWidth(1.4) },
      layout: { "line-cap": "round", "line-join": "round" },
    },
    {
      ...layer("road", "road"), type: "line",
      filter: ["!=", ["get", "kind"], "rail"],
      paint: { "line-color": ["case", oneOf("kind", MAJOR), p.roadStrong, p.road], "line-width": roadWidth(1) },
      layout: { "line-cap": "round", "line-join": "round" },
    },
  ];
}

function lines(p: Palette): LayerSpecification[] {
  return [
    {
      ...layer("grid", "grid"), type: "line", minzoom: 13.5,
      paint: { "line-color": p.grid, "line-width": 1, "line-dasharray": [2, 2] },
    },
    {
      ...layer("village", "division"), type: "line", minzoom: 11.5, filter: ["==", ["get", "level"], "village"],
      paint: { "line-color": p.line, "line-width": 0.8, "line-dasharray": [3, 2] },
    },
    {
      ...layer("town", "division"), type: "line", minzoom: 8, filter: ["==", ["get", "level"], "town"],
      paint: { "line-color": p.line, "line-width": grow(8, 0.5, 14, 1.8) },
    },
    { ...layer("border", "boundary"), type: "line", paint: { "line-color": p.border, "line-width": grow(8, 1.2, 14, 2.4) } },
  ];
}

/** How much larger letters and marks are drawn: a wall is read from across the room. */
export function wallScale(): number {
  return document.documentElement.dataset["page"] === "wall" && innerWidth >= WALL_PX ? 1.6 : 1;
}

function labels(p: Palette): LayerSpecification[] {
  const size = (px: number): number => Math.round(px * wallScale());
  const halo = { "text-halo-color": p.halo, "text-halo-width": 1.5 };
  const level = (...values: string[]): ExpressionSpecification => oneOf("level", values);
  const below: SymbolLayerSpecification["layout"] = {
    "text-field": nameOf(), "text-font": FAMILIES, "text-size": size(12), "text-anchor": "top", "text-offset": [0, 0.6],
    "text-max-width": 8, "text-optional": true,
  };
  return [
    {
      ...layer("road-name", "road"), type: "symbol", minzoom: 13,
      layout: {
        "symbol-placement": "line", "text-field": nameOf(), "text-font": FAMILIES, "text-size": size(12), "symbol-spacing": 350,
        "text-padding": 8, "text-max-angle": 30,
      },
      paint: { "text-color": p.textSoft, ...halo },
    },
    {
      ...layer("facility", "facility"), type: "circle", minzoom: 15,
      paint: { "circle-radius": 3, "circle-color": p.facility, "circle-stroke-color": p.halo, "circle-stroke-width": 1 },
    },
    {
      ...layer("facility-name", "facility"), type: "symbol", minzoom: 16, filter: ["!=", ["get", "kind"], "component"],
      layout: below, paint: { "text-color": p.textSoft, ...halo },
    },
    {
      // 部件 stand a few metres apart: their names wait until there is room.
      ...layer("component-name", "facility"), type: "symbol", minzoom: 17.5, filter: ["==", ["get", "kind"], "component"],
      layout: below, paint: { "text-color": p.textSoft, ...halo },
    },
    {
      ...layer("water-name", "label"), type: "symbol", minzoom: 10, filter: level("water"),
      layout: { "text-field": nameOf(), "text-font": FAMILIES, "text-size": size(12), "text-max-width": 6 },
      paint: { "text-color": p.waterText, ...halo },
    },
    {
      ...layer("village-name", "label"), type: "symbol", minzoom: 12.5, filter: level("village"),
      layout: { "text-field": nameOf(), "text-font": FAMILIES, "text-size": size(12), "text-max-width": 7, "text-padding": 6 },
      paint: { "text-color": p.textSoft, ...halo },
    },
    {
      ...layer("town-name", "label"), type: "symbol", minzoom: 9, filter: level("town"),
      layout: {
        "text-field": nameOf(), "text-font": FAMILIES, "text-size": grow(9, size(12), 14, size(16)), "text-max-width": 7, "text-padding": 4,
      },
      paint: { "text-color": p.text, ...halo },
    },
    {
      ...layer("city-name", "label"), type: "symbol", maxzoom: 11, filter: level("city"),
      layout: { "text-field": nameOf(), "text-font": FAMILIES, "text-size": size(18), "text-padding": 12 },
      paint: { "text-color": p.text, ...halo },
    },
  ];
}

/** Return the whole style for a base map. Without `glyphs` MapLibre draws every letter from the page's own fonts. */
export function baseStyle(base: BaseMap, isDark: boolean): StyleSpecification {
  const palette = isDark ? DARK : LIGHT;
  const tiles = [base.tiles].flat().map((address) => new URL(address, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}"));
  const background: LayerSpecification = { id: "ground", type: "background", paint: { "background-color": palette.ground } };
  if (base.kind === "none") return { version: 8, sources: {}, layers: [background] };
  if (base.kind === "raster") {
    return {
      version: 8,
      sources: { [SOURCE]: { type: "raster", tiles, tileSize: base.tileSize ?? 256, maxzoom: base.maxZoom ?? 18 } },
      layers: [
        background,
        {
          id: "picture", type: "raster", source: SOURCE,
          paint: isDark
            ? { "raster-saturation": -0.7, "raster-brightness-max": 0.45, "raster-contrast": 0.1 }
            : { "raster-saturation": -0.45, "raster-brightness-min": 0.12 },
        },
      ],
    };
  }
  return {
    version: 8,
    sources: { [SOURCE]: { type: "vector", tiles, minzoom: TILES_FROM, maxzoom: base.maxZoom ?? TILES_TO } },
    layers: [...ground(palette), ...lines(palette), ...labels(palette)],
  };
}
