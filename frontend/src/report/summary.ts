/* What is about to be sent, in a few lines. */
import { make } from "../lib/page.ts";
import type { Words } from "./photos.ts";

export interface Summary {
  photos: number;
  kind: string;
  place: string;
  pinned: boolean;
}

/** Write the list of what will be sent; what is missing is said too. */
export function showSummary(list: HTMLElement, words: Words, summary: Summary): void {
  const photos = summary.photos > 0 ? words("summary_photos", { n: summary.photos }) : words("summary_no_photo");
  const place = summary.place || (summary.pinned ? words("place_pinned") : words("summary_missing"));
  const lines: [string, string][] = [
    [words("summary_kind"), summary.kind || words("summary_missing")],
    [words("summary_place"), place],
    [words("summary_photo"), photos],
  ];
  list.replaceChildren(...lines.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
}
