/* Pages with a chart. */
import "../lib/chart_element.ts";
