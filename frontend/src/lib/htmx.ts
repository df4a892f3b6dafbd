/* htmx under our content security policy: no eval, no injected styles; refusals are shown, not swallowed. */
import htmx from "htmx.org";
import { formToken } from "./page.ts";
import { toast, type Tone } from "./toast.ts";
import { word } from "./words.ts";

interface RequestDetail {
  headers: Record<string, string>;
}

interface ResponseDetail {
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

interface ToastDetail {
  text?: string;
  value?: string;
  tone?: Tone;
}

/** Configure htmx and tie it to forms' tokens and toasts. A server says a toast by `HX-Trigger: {"toast": {text, tone}}`. */
export function startHtmx(): void {
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  // Fragments carry data in <script type="application/json">; code in them stays dead under our policy.
  htmx.config.allowScriptTags = true;
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyCacheSize = 0;
  htmx.config.scrollBehavior = "auto";
  document.addEventListener("htmx:configRequest", (event) => {
    (event as CustomEvent<RequestDetail>).detail.headers["X-CSRFToken"] = formToken();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<ResponseDetail>).detail;
    const status = detail.xhr.status;
    if (status === 401) toast(word("expired"), "danger");
    // A form's own errors (422) are shown in its place; other refusals as a toast.
    else if (status === 422) detail.shouldSwap = true;
    else if (status >= 400) toast(refusal(detail.xhr), "danger");
  });
  document.addEventListener("htmx:sendError", () => toast(word("failed"), "danger"));
  document.addEventListener("htmx:timeout", () => toast(word("failed"), "danger"));
  document.addEventListener("toast", (event) => {
    const detail = (event as CustomEvent<ToastDetail>).detail;
    toast(detail.text ?? detail.value ?? "", detail.tone ?? "done");
  });
}

function refusal(request: XMLHttpRequest): string {
  const holder = new DOMParser().parseFromString(request.responseText, "text/html");
  const text = holder.querySelector(".banner .grow")?.textContent.trim();
  return text ? word("refused", { what: text }) : word("failed");
}
