/* Pages with a map. */
import "../lib/map_element.ts";
