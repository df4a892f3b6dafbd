/* One question after another on a phone; on a wide window all of them side by side. */

const NARROW = matchMedia("(max-width: 60rem)");

export class Steps {
  private readonly sections: HTMLElement[];
  private readonly marks: HTMLElement[];
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly submit: HTMLButtonElement;
  private at = 0;

  /** `allowed` judges the step that is being left; false keeps the person there. */
  constructor(
    private readonly form: HTMLFormElement,
    private readonly allowed: (step: string) => boolean,
    private readonly onShown: () => void,
  ) {
    const button = (name: string): HTMLButtonElement => form.querySelector<HTMLButtonElement>(`[data-${name}]`) as HTMLButtonElement;
    this.sections = [...form.querySelectorAll<HTMLElement>("[data-step]")];
    this.marks = [...form.querySelectorAll<HTMLElement>("[data-step-mark]")];
    this.back = button("back");
    this.next = button("next");
    this.submit = button("send");
    this.next.addEventListener("click", () => this.forward());
    this.back.addEventListener("click", () => history.back());
    addEventListener("popstate", (event) => this.show(stepOf(event.state)));
    NARROW.addEventListener("change", () => {
      this.draw();
      this.onShown();
    });
    form.addEventListener("linli:step", (event) => this.go((event as CustomEvent<string>).detail));
    history.replaceState({ step: 0 }, "");
    this.draw();
  }

  get current(): string {
    return this.sections[this.at]?.dataset["step"] ?? "";
  }

  get last(): boolean {
    return this.at === this.sections.length - 1;
  }

  /** Tell whether steps are shown one by one. */
  get wizard(): boolean {
    return NARROW.matches;
  }

  forward(): void {
    if (!this.wizard || this.last || !this.allowed(this.current)) return;
    history.pushState({ step: this.at + 1 }, "");
    this.show(this.at + 1);
  }

  /** Show the step called `name`. */
  go(name: string): void {
    const at = this.sections.findIndex((section) => section.dataset["step"] === name);
    if (at < 0 || at === this.at) return;
    history.pushState({ step: at }, "");
    this.show(at);
  }

  private show(at: number): void {
    this.at = Math.min(Math.max(at, 0), this.sections.length - 1);
    this.draw();
    this.onShown();
    if (!this.wizard) return;
    scrollTo({ top: 0 });
    this.sections[this.at]?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }

  private draw(): void {
    const wizard = this.wizard;
    this.form.toggleAttribute("data-wizard", wizard);
    this.sections.forEach((section, index) => {
      section.hidden = wizard && index !== this.at;
    });
    this.marks.forEach((mark, index) => {
      mark.dataset["mark"] = index < this.at ? "done" : index === this.at ? "now" : "";
      if (index === this.at) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
    this.back.hidden = !wizard || this.at === 0;
    this.next.hidden = !wizard || this.last;
    this.submit.hidden = wizard && !this.last;
  }
}

function stepOf(state: unknown): number {
  const step = (state as { step?: unknown } | null)?.step;
  return typeof step === "number" ? step : 0;
}
