/* Live points: one picture a tone (shape as well as colour), clusters, a ring round the chosen one. */
import type { FeatureCollection, Point } from "geojson";
import type { FilterSpecification, GeoJSONSource, LayerSpecification, Map as Canvas, SourceSpecification } from "maplibre-gl";
import { FAMILIES } from "./fonts.ts";
import { wallScale } from "./map_style.ts";
import { token } from "./theme.ts";

export type Points = FeatureCollection<Point, Record<string, unknown>>;

export interface PointSource {
  id: string;
  /** Points given at once; clustered here. */
  data?: Points;
  /** Address of vector tiles, for many points; a cluster made by the server carries `point_count`. */
  tiles?: string;
  /** Name of the layer inside the tiles. */
  layer?: string;
  cluster?: boolean;
  minZoom?: number;
  maxZoom?: number;
}

const TONES: Record<string, string> = {
  new: "blue",
  active: "blue",
  waiting: "amber",
  danger: "vermilion",
  done: "jade",
  muted: "line-strong",
  drill: "violet",
};
const SIZE = 24;
const RATIO = 2;
const CLUSTER_RADIUS = 44;
const CLUSTER_MAX_ZOOM = 16;

type Strokes = [number, number][][];

/** The sign inside a mark, in a square of 24. */
const SIGNS: Record<string, Strokes> = {
  new: [[[12, 8], [12, 16]], [[8, 12], [16, 12]]],
  active: [[[11.5, 12], [12.5, 12]]],
  waiting: [[[12, 8], [12, 12], [15, 13.5]]],
  danger: [[[12, 7.5], [12, 13]], [[12, 16], [12, 16.1]]],
  done: [[[8, 12.5], [11, 15.5], [16, 9]]],
  muted: [[[8.500, 12], [15.500, 12]]],
  drill: [[[9, 8], [15, 8]], [[12, 8], [12, 16]]],
};

function picture(tone: string): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(RATIO, RATIO);
  const colour = token(TONES[tone] ?? "line-strong");
  const hollow = tone === "active" || tone === "muted";
  pen.beginPath();
  pen.arc(12, 12, 10, 0, 2 * Math.PI);
  pen.fillStyle = hollow ? token("panel") : colour;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = hollow ? colour : token("panel");
  pen.stroke();
  pen.strokeStyle = hollow ? colour : token("panel");
  pen.lineWidth = tone === "active" ? 6 : 2.4;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of SIGNS[tone] ?? []) {
    pen.beginPath();
    stroke.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  return pen.getImageData(0, 0, SIZE * RATIO, SIZE * RATIO);
}

function addPictures(map: Canvas): void {
  for (const tone of Object.keys(TONES)) {
    const image = picture(tone);
    if (!image) continue;
    if (map.hasImage(`tone-${tone}`)) map.removeImage(`tone-${tone}`);
    map.addImage(`tone-${tone}`, image, { pixelRatio: RATIO });
  }
}

function sourceOf(points: PointSource): SourceSpecification {
  if (points.tiles) {
    const address = new URL(points.tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
    return { type: "vector", tiles: [address], minzoom: points.minZoom ?? 0, maxzoom: points.maxZoom ?? 16, promoteId: "code" };
  }
  return {
    type: "geojson",
    data: points.data ?? { type: "FeatureCollection", features: [] },
    cluster: points.cluster ?? true,
    clusterRadius: CLUSTER_RADIUS,
    clusterMaxZoom: CLUSTER_MAX_ZOOM,
    clusterProperties: { danger: ["+", ["case", ["==", ["get", "tone"], "danger"], 1, 0]] },
    promoteId: "code",
  };
}

/** Names of the layers a source is drawn by: clusters, their counts, single points, the ring. */
export function layerNames(id: string): { clusters: string; counts: string; points: string; ring: string } {
  return { clusters: `${id}-clusters`, counts: `${id}-counts`, points: `${id}-points`, ring: `${id}-ring` };
}

function layersOf(points: PointSource): LayerSpecification[] {
  const names = layerNames(points.id);
  const within = points.tiles ? { source: points.id, "source-layer": points.layer ?? points.id } : { source: points.id };
  const many: FilterSpecification = ["has", "point_count"];
  const one: FilterSpecification = ["!", ["has", "point_count"]];
  const scale = Math.sqrt(wallScale());
  const radius = (px: number): number => px * scale;
  const danger: FilterSpecification = [">", ["coalesce", ["get", "danger"], 0], 0];
  return [
    {
      id: names.clusters, type: "circle", ...within, filter: many,
      paint: {
        "circle-color": token("panel"),
        "circle-stroke-color": ["case", danger, token("vermilion"), token("blue")],
        "circle-stroke-width": 2.5,
        "circle-radius": ["step", ["get", "point_count"], radius(14), 10, radius(17), 100, radius(21), 1000, radius(26)],
      },
    },
    {
      id: names.counts, type: "symbol", ...within, filter: many,
      layout: {
        "text-field": ["to-string", ["get", "point_count"]], "text-font": FAMILIES, "text-size": 13 * scale, "text-allow-overlap": true,
      },
      paint: { "text-color": token("ink") },
    },
    {
      id: names.ring, type: "circle", ...within, filter: ["==", ["get", "code"], ""],
      paint: {
        "circle-radius": radius(17), "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": token("ink"), "circle-stroke-width": 3,
      },
    },
    {
      id: names.points, type: "symbol", ...within, filter: one,
      layout: {
        "icon-image": ["concat", "tone-", ["coalesce", ["get", "tone"], "muted"]],
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.6 * scale, 14, scale],
        "symbol-sort-key": ["match", ["get", "tone"], "danger", 3, "new", 2, "waiting", 1, 0],
      },
    },
  ];
}

/** Put a source of points on the map; again after each change of style. */
export function addPoints(map: Canvas, points: PointSource): void {
  addPictures(map);
  if (!map.getSource(points.id)) map.addSource(points.id, sourceOf(points));
  for (const layer of layersOf(points)) if (!map.getLayer(layer.id)) map.addLayer(layer);
}

/** Draw a ring round the point with this code; null takes it off. */
export function markChosen(map: Canvas, id: string, code: string | null): void {
  const { ring } = layerNames(id);
  if (map.getLayer(ring)) map.setFilter(ring, ["==", ["get", "code"], code ?? ""]);
}

/** Zoom to where a cluster falls apart. A cluster made by the server is zoomed into by two levels. */
export async function openCluster(map: Canvas, id: string, properties: Record<string, unknown>, at: [number, number]): Promise<void> {
  const source = map.getSource(id);
  let zoom = map.getZoom() + 2;
  if (source?.type === "geojson" && typeof properties["cluster_id"] === "number") {
    zoom = await (source as GeoJSONSource).getClusterExpansionZoom(properties["cluster_id"]);
  }
  map.easeTo({ center: at, zoom });
}
