/* The queue listens: a line on the page changes in its place, others are counted and wait for a press. */
import { connectLive, type LiveEvent, type LiveState } from "../lib/live.ts";
import { readJson, readWords } from "../lib/page.ts";
import { word } from "../lib/words.ts";
import { fetchRows, replaceRow } from "./rows.ts";

/* What the page asks for, as far as an event can be held against it. Empty lists ask for anything. */
interface Asked {
  finals: string[];
  states: string[];
  departments: string[];
  towns: string[];
  categories: string[];
  scope: string;
  mine: string[];
  countable: boolean;
}

const GATHER_MS = 700;
const ROWS_AT_ONCE = 50;

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Tell whether a case that is not on the page may now belong there. */
function belongs(asked: Asked, data: Record<string, unknown>): boolean {
  const state = text(data["state"]);
  const isFinal = asked.finals.includes(state);
  const inScope =
    asked.scope === "all" ||
    (asked.scope === "closed" ? isFinal : !isFinal && (asked.scope === "open" || asked.mine.includes(state)));
  const fits = (list: string[], value: string): boolean => list.length === 0 || list.some((code) => value.startsWith(code));
  return (
    asked.countable &&
    inScope &&
    (asked.states.length === 0 || asked.states.includes(state)) &&
    (asked.departments.length === 0 || asked.departments.includes(text(data["department"]))) &&
    fits(asked.towns, text(data["area"])) &&
    fits(asked.categories, text(data["category"]))
  );
}

/** Say in the top bar whether the page is live. */
export function showLiveState(state: LiveState): void {
  const place = document.getElementById("live-state");
  if (!place) return;
  place.hidden = false;
  place.dataset["live"] = state;
  place.textContent = word(state);
}

/** Listen to cases and keep the queue fresh without moving anything under the reader's eyes. */
export function keepQueueFresh(): void {
  const waiting = new Set<string>();
  const elsewhere = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    const notice = document.getElementById("queue-changes");
    if (!notice || elsewhere.size === 0) return;
    notice.querySelector("[data-changes-words]")?.replaceChildren(readWords("queue-words")("changed", { n: elsewhere.size }));
    notice.hidden = false;
  };
  const refresh = async (): Promise<void> => {
    timer = undefined;
    const codes = [...waiting].slice(0, ROWS_AT_ONCE);
    waiting.clear();
    const address = document.getElementById("queue")?.dataset["rowsUrl"];
    if (address && codes.length > 0) {
      const rows = await fetchRows(address, codes);
      for (const row of rows.values()) replaceRow(row);
    }
    tell();
  };
  const take = (event: LiveEvent): void => {
    if (!event.event.startsWith("case.")) return;
    const code = event.subject.key;
    const asked = readJson<Asked>("queue-asked");
    if (document.getElementById(`row-${code}`)) waiting.add(code);
    else if (asked && belongs(asked, event.data)) elsewhere.add(code);
    else return;
    timer ??= setTimeout(() => void refresh(), GATHER_MS);
  };
  connectLive({ onEvent: take, onState: showLiveState });
  document.addEventListener("htmx:afterSettle", (event) => {
    if ((event.target as HTMLElement).id === "queue") elsewhere.clear();
  });
}
