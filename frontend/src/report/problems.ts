/* What is wrong with a report: at the field, and in the summary on top, each line leading to its field. */
import { icon, make } from "../lib/page.ts";

export interface Problem {
  field: string;
  text: string;
}

function fieldOf(form: HTMLFormElement, name: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
}

/** Say at the field what is wrong; several lines may stand there. */
export function showProblem(form: HTMLFormElement, name: string, text: string): void {
  const field = fieldOf(form, name);
  if (!field) return;
  field.classList.add("field-wrong");
  const line = make("p", { class: "field-error", role: "alert", "data-problem": "" }, icon("circle-alert"), make("span", {}, text));
  const control = field.querySelector("input:not([type=hidden]), textarea, select");
  const holder = field.querySelector("[data-problems]");
  if (holder) holder.append(line);
  else control?.before(line);
  control?.setAttribute("aria-invalid", "true");
}

/** Take away what was said at the field. */
export function clearProblem(form: HTMLFormElement, name: string): void {
  const field = fieldOf(form, name);
  field?.classList.remove("field-wrong");
  field?.querySelectorAll(".field-error").forEach((line) => line.remove());
  field?.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}

/** Say everything at once, after a try to send. Returns the step of the first problem, if it has one. */
export function showProblems(form: HTMLFormElement, title: string, problems: Problem[]): string {
  clearProblems(form);
  const lines = problems.map(({ field, text }) => {
    const place = fieldOf(form, field);
    if (!place) return make("li", {}, text);
    showProblem(form, field, text);
    place.id ||= `field-${field}`;
    const link = make("a", { href: `#${place.id}` }, text);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const step = place.closest<HTMLElement>("[data-step]")?.dataset["step"];
      form.dispatchEvent(new CustomEvent("linli:step", { detail: step }));
      place.scrollIntoView({ block: "center" });
      place.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select, button")?.focus();
    });
    return make("li", {}, link);
  });
  const summary = make(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1", "data-summary": "" },
    make("h2", {}, title),
    make("ul", {}, ...lines),
  );
  form.prepend(summary);
  const first = problems.map(({ field }) => fieldOf(form, field)).find((field) => field !== null);
  return first?.closest<HTMLElement>("[data-step]")?.dataset["step"] ?? "";
}

/** Take away the summary and every line at a field. */
export function clearProblems(form: HTMLFormElement): void {
  document.querySelectorAll(".error-summary").forEach((summary) => summary.remove());
  form.querySelectorAll<HTMLElement>(".field-wrong").forEach((field) => field.classList.remove("field-wrong"));
  form.querySelectorAll(".field-error").forEach((line) => line.remove());
  form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}
