/* Numbers and moments in words, the same as linli/ui/times.py says them. */
import { english, word } from "./words.ts";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

function locale(): string {
  return english() ? "en-GB" : "zh-CN";
}

/** Say how long ago: "3 小时前"; a moment older than 30 days is said as a date. */
export function ago(at: Date | string, now = new Date()): string {
  const moment = typeof at === "string" ? new Date(at) : at;
  const seconds = (now.getTime() - moment.getTime()) / 1000;
  if (seconds < MINUTE_S) return word("justNow");
  if (seconds < HOUR_S) return word("minutesAgo", { n: Math.floor(seconds / MINUTE_S) });
  if (seconds < 2 * DAY_S) return word("hoursAgo", { n: Math.floor(seconds / HOUR_S) });
  if (seconds < 30 * DAY_S) return word("daysAgo", { n: Math.floor(seconds / DAY_S) });
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(moment);
}

/** Say a moment's hour and minute in the city's time zone: "17:30". */
export function hour(at: Date | string, timeZone = "Asia/Shanghai"): string {
  const moment = typeof at === "string" ? new Date(at) : at;
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(moment);
}

/** Write a number with its thousands apart. */
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

/** Write a file's size: "340 KB", "2.4 MB". */
export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return word("kilobytes", { n: Math.max(1, Math.round(bytes / 1024)) });
  return word("megabytes", { n: (bytes / 1024 / 1024).toFixed(1) });
}

/** Rewrite every `<time data-ago>` of the page now and every half minute. */
export function keepTimesFresh(): void {
  const refresh = (): void => {
    for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
      const fresh = ago(element.dateTime);
      if (element.textContent !== fresh) element.textContent = fresh;
    }
  };
  refresh();
  setInterval(refresh, 30_000);
}
