/* Forms: one press sends once, what is wrong is shown first, files show themselves before they go. */
import { size } from "./format.ts";
import { icon, make } from "./page.ts";
import { toast } from "./toast.ts";
import { word } from "./words.ts";

const RELEASE_MS = 20_000;

function buttonsOf(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("button:not([type=button]), input[type=submit]")];
}

function release(form: HTMLFormElement): void {
  delete form.dataset["sending"];
  for (const button of buttonsOf(form)) {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

/** Stop a second press while the first is on its way. A form with data-guard="off" is left alone. */
export function guardForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || form.dataset["guard"] === "off" || event.defaultPrevented) return;
    if (form.dataset["sending"]) {
      event.preventDefault();
      event.stopImmediatePropagation();
      toast(word("sending"));
      return;
    }
    form.dataset["sending"] = "yes";
    for (const button of buttonsOf(form)) button.setAttribute("aria-disabled", "true");
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), RELEASE_MS);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as HTMLElement).closest("form");
    if (form) release(form);
  });
}

/** Put the focus on the summary of errors, and let its lines lead to the fields. */
export function bindErrorSummary(): void {
  const summary = document.querySelector<HTMLElement>("[data-focus-first]");
  summary?.focus();
  summary?.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[href^='#']");
    const field = link && document.querySelector<HTMLElement>(link.hash);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
}

function accepts(input: HTMLInputElement, file: File): boolean {
  if (!input.accept) return true;
  return input.accept.split(",").some((rule) => {
    const kind = rule.trim().toLowerCase();
    if (kind.startsWith(".")) return file.name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : file.type === kind;
  });
}

function preview(input: HTMLInputElement, list: HTMLElement): void {
  const limitMb = Number(input.dataset["maxMb"] ?? 20);
  const kept = new DataTransfer();
  const problems: string[] = [];
  for (const file of input.files ?? []) {
    if (!accepts(input, file)) problems.push(word("wrongKind", { name: file.name }));
    else if (file.size > limitMb * 1024 * 1024) problems.push(word("tooLarge", { name: file.name, limit: limitMb }));
    else kept.items.add(file);
  }
  if (problems.length > 0) {
    input.files = kept.files;
    problems.forEach((problem) => toast(problem, "danger"));
  }
  list.replaceChildren(...[...kept.files].map((file) => item(input, file)));
}

function item(input: HTMLInputElement, file: File): HTMLElement {
  const remove = make(
    "button",
    { type: "button", class: "button button-small button-icon", "aria-label": word("remove", { name: file.name }) },
    icon("x"),
  );
  const picture = file.type.startsWith("image/") ? make("img", { alt: file.name }) : icon("file-text");
  if (picture instanceof HTMLImageElement) {
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  }
  const name = make("span", { class: "one-line", title: file.name }, file.name);
  const line = make("li", { class: "upload-item" }, picture, remove, name, make("span", { class: "soft" }, size(file.size)));
  remove.addEventListener("click", () => {
    const rest = new DataTransfer();
    for (const other of input.files ?? []) if (other !== file) rest.items.add(other);
    input.files = rest.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  return line;
}

/** Make each `[data-upload]` show what was chosen, and take files dropped on it. */
export function bindUploads(root: ParentNode = document): void {
  for (const upload of root.querySelectorAll<HTMLElement>("[data-upload]:not([data-live])")) {
    const input = upload.querySelector<HTMLInputElement>("input[type=file]");
    const list = upload.querySelector<HTMLElement>("[data-upload-list]");
    const drop = upload.querySelector<HTMLElement>(".upload-drop");
    if (!input || !list || !drop) continue;
    upload.dataset["live"] = "";
    input.addEventListener("change", () => preview(input, list));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.dataset["over"] = "";
    });
    drop.addEventListener("dragleave", () => delete drop.dataset["over"]);
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      delete drop.dataset["over"];
      if (!event.dataTransfer) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
