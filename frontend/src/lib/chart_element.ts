/* <linli-chart>: the element that `{% chart_view %}` writes. An ECharts option without colours; the tokens give them. */
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { chineseReady, FAMILIES } from "./fonts.ts";
import { make } from "./page.ts";
import { onThemeChange, token } from "./theme.ts";
import { word } from "./words.ts";

use([
  BarChart, HeatmapChart, LineChart, PieChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent,
  MarkLineComponent, TooltipComponent, VisualMapComponent, CanvasRenderer,
]);

type Option = Record<string, unknown>;

/** Order of colours for series; a series may name one by `tone`: "blue", "jade", "amber", "vermilion", "violet", "ink-soft". */
const SERIES = ["blue", "amber", "jade", "violet", "ink-soft", "vermilion"];

const LOW_PX = 180;

function theme(): Option {
  const soft = token("ink-soft");
  const line = token("line");
  const size = Math.round(Number.parseFloat(getComputedStyle(document.body).fontSize));
  const small = Math.max(12, size - 2);
  const axis = {
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: soft, fontSize: small },
    nameTextStyle: { color: soft, fontSize: small },
    splitLine: { lineStyle: { color: line } },
  };
  return {
    color: SERIES.map(token),
    backgroundColor: "transparent",
    textStyle: { fontFamily: FAMILIES.join(","), fontSize: small, color: token("ink") },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    legend: { textStyle: { color: token("ink"), fontSize: small }, icon: "roundRect", itemWidth: 14, itemHeight: 8, left: 0, top: 0 },
    line: { symbolSize: 6, lineStyle: { width: 2 }, smooth: false },
    bar: { barMaxWidth: 28, itemStyle: { borderRadius: [2, 2, 0, 0] } },
    tooltip: {
      backgroundColor: token("panel"),
      borderColor: line,
      textStyle: { color: token("ink"), fontSize: small },
      axisPointer: { lineStyle: { color: soft }, crossStyle: { color: soft } },
    },
    visualMap: { textStyle: { color: soft } },
  };
}

/** The name of a category axis heads its column in the table; beside the axis it would only take room. */
function nameless(axis: unknown): Option {
  const { name, ...rest } = (axis ?? {}) as Option;
  return rest["type"] === "category" || name === undefined ? rest : { name, ...rest };
}

/** What every chart has: no entrance, a tooltip drawn on the canvas (policy forbids styled HTML), room for labels. */
function completed(option: Option, low: boolean): Option {
  const series = [option["series"] ?? []].flat() as Option[];
  const several = series.length > 1;
  const pie = series.some((one) => one["type"] === "pie");
  return {
    animation: false,
    aria: { enabled: true, decal: { show: series.length > 2 } },
    tooltip: { trigger: pie ? "item" : "axis", renderMode: "richText", confine: true },
    ...(pie ? {} : { grid: { left: 8, right: 16, top: several ? 36 : 16, bottom: 4, containLabel: true } }),
    ...(several || pie ? { legend: {} } : {}),
    ...option,
    ...(pie ? {} : { xAxis: nameless(option["xAxis"]), yAxis: nameless(option["yAxis"]) }),
    ...(low && !pie ? { yAxis: { splitNumber: 2, ...(option["yAxis"] as Option | undefined) } } : {}),
    series: series.map(({ tone, ...one }) => (typeof tone === "string" ? { color: token(tone), ...one } : one)),
  };
}

export class ChartElement extends HTMLElement {
  private chart: EChartsType | null = null;
  private option: Option = {};
  private forgetTheme: () => void = () => undefined;
  private readonly watcher = new ResizeObserver(() => this.chart?.resize());

  connectedCallback(): void {
    if (!this.chart) void this.draw();
  }

  disconnectedCallback(): void {
    this.watcher.disconnect();
    this.forgetTheme();
    this.chart?.dispose();
    this.chart = null;
  }

  /** Show other data in the same chart. */
  update(option: Option): void {
    this.option = option;
    this.chart?.setOption(completed(option, this.low), { notMerge: true });
  }

  private async draw(): Promise<void> {
    const frame = this.querySelector<HTMLElement>("[data-chart-canvas]");
    const text = this.querySelector("script[type='application/json']")?.textContent ?? "{}";
    if (!frame) return;
    this.option = JSON.parse(text) as Option;
    if (this.empty()) {
      frame.replaceChildren(make("p", { class: "empty" }, word("chartEmpty")));
      return;
    }
    await chineseReady();
    frame.setAttribute("role", "img");
    frame.setAttribute("aria-label", this.dataset["label"] ?? "");
    const start = (): void => {
      this.chart?.dispose();
      frame.replaceChildren();
      this.chart = init(frame, theme());
      this.chart.setOption(completed(this.option, this.low));
      frame.setAttribute("aria-label", this.dataset["label"] ?? "");
      this.chart.on("click", (event) => this.dispatchEvent(new CustomEvent("pick", { detail: event, bubbles: true })));
    };
    start();
    this.forgetTheme = onThemeChange(start);
    this.watcher.observe(frame);
  }

  private get low(): boolean {
    return (this.querySelector("[data-chart-canvas]")?.clientHeight ?? 0) < LOW_PX;
  }

  private empty(): boolean {
    const dataset = this.option["dataset"] as { source?: unknown[] } | undefined;
    if (dataset?.source) return dataset.source.length < 2;
    const series = [this.option["series"] ?? []].flat() as { data?: unknown[] }[];
    return series.every((one) => (one.data ?? []).length === 0);
  }
}

customElements.define("linli-chart", ChartElement);
