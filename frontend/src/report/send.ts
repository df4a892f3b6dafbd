/* Sending a report with its photos, showing how far it is. */
import type { Problem } from "./problems.ts";

export type Answer =
  | { kind: "sent"; next: string }
  | { kind: "refused"; problems: Problem[] }
  | { kind: "failed"; offline: boolean };

interface Body {
  next?: string;
  errors?: Problem[];
  what?: string;
  mend?: string;
  field?: string | null;
}

const PATIENCE_MS = 120_000;

/** Post the form with `photos`; `onProgress` hears the share sent, 0 to 1. Never throws. */
export function send(form: HTMLFormElement, photos: File[], onProgress: (share: number) => void): Promise<Answer> {
  const data = new FormData(form);
  for (const photo of photos) data.append("photos", photo, photo.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.timeout = PATIENCE_MS;
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => resolve(read(request.status, request.response as Body | null));
    request.onerror = request.ontimeout = () => resolve({ kind: "failed", offline: !navigator.onLine });
    request.send(data);
  });
}

function read(status: number, body: Body | null): Answer {
  if (status < 300 && body?.next) return { kind: "sent", next: body.next };
  if (body?.errors) return { kind: "refused", problems: body.errors };
  if (body?.what) {
    return { kind: "refused", problems: [{ field: body.field ?? "", text: [body.what, body.mend].join(" ") }] };
  }
  return { kind: "failed", offline: false };
}
