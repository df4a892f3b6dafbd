/* A report that was not sent yet, kept on this device for a day. The telephone number is never kept. */

export interface Draft {
  submission_id: string;
  kind: string;
  description: string;
  address: string;
  lon: string;
  lat: string;
  at: number;
}

type Kept = Omit<Draft, "at">;

const KEY = "linli-report-draft";
const NAMES = ["submission_id", "kind", "description", "address", "lon", "lat"] as const;
const DAY_MS = 86_400_000;

/** Read the draft of the last day; null when there is none worth showing. */
export function readDraft(): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY) ?? "null") as Draft | null;
    const fresh = draft !== null && Date.now() - draft.at < DAY_MS;
    return fresh && (draft.kind || draft.description || draft.address || draft.lon) ? draft : null;
  } catch {
    return null; // storage is off or was written by something else
  }
}

/** Keep what is in the form. */
export function keepDraft(form: HTMLFormElement): void {
  const data = new FormData(form);
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const kept = Object.fromEntries(NAMES.map((name) => [name, text(name)])) as Kept;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept, at: Date.now() }));
  } catch {
    // A full or forbidden storage only means that there is no draft.
  }
}

/** Let the draft get a new number at the next visit: the old one was used for something else. */
export function forgetSubmission(): void {
  const draft = readDraft();
  try {
    if (draft) localStorage.setItem(KEY, JSON.stringify({ ...draft, submission_id: "" }));
  } catch {
    // as above
  }
}

/** Forget the draft and its photos. */
export async function dropDraft(): Promise<void> {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // as above
  }
  await keepPhotos([]);
}

/** Put a draft back into the form. The pin and the photos are put back by whoever draws them. */
export function fillForm(form: HTMLFormElement, draft: Draft): void {
  for (const name of NAMES) {
    if (name === "kind" || !draft[name]) continue;
    const control = form.elements.namedItem(name);
    if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) control.value = draft[name];
  }
}

/* Photos are too large for the text storage: they lie in a small database of the browser. */

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("linli-report", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("photos");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no database"));
  });
}

/** Keep the photos of the draft; an empty list forgets them. */
export async function keepPhotos(photos: File[]): Promise<void> {
  try {
    const database = await open();
    const store = database.transaction("photos", "readwrite").objectStore("photos");
    if (photos.length > 0) store.put(photos, "draft");
    else store.delete("draft");
    database.close();
  } catch {
    // Private windows have no database: the photos must then be chosen again.
  }
}

/** Return the kept photos, or none. */
export async function keptPhotos(): Promise<File[]> {
  try {
    const database = await open();
    return await new Promise((resolve) => {
      const request = database.transaction("photos").objectStore("photos").get("draft");
      request.onsuccess = () => resolve((request.result as File[] | undefined) ?? []);
      request.onerror = () => resolve([]);
    });
  } catch {
    return [];
  }
}
