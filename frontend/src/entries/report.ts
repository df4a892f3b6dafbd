/* The report page: photo, kind, pin, similar cases, send. Without this script the page is one plain form. */
import "../styles/report.css";
import { readJson, readWords } from "../lib/page.ts";
import { toast } from "../lib/toast.ts";
import { PhotoChooser } from "../report/chooser.ts";
import { dropDraft, fillForm, forgetSubmission, keepDraft, keepPhotos, keptPhotos, readDraft } from "../report/draft.ts";
import { type Kind, Kinds } from "../report/kinds.ts";
import { Place } from "../report/place.ts";
import { clearProblem, clearProblems, type Problem, showProblems } from "../report/problems.ts";
import { send } from "../report/send.ts";
import { Similar } from "../report/similar.ts";
import { Steps } from "../report/steps.ts";
import { showSummary } from "../report/summary.ts";

const TYPING_MS = 600;

class ReportPage {
  private readonly words = readWords("report-words");
  private readonly chooser: PhotoChooser;
  private readonly kinds: Kinds;
  private readonly place: Place;
  private readonly similar: Similar;
  private readonly steps: Steps;
  private names = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;

  constructor(private readonly form: HTMLFormElement) {
    this.chooser = new PhotoChooser(form, this.words, (place, name) => {
      if (place) this.place.set(place, "photo");
      this.names += ` ${name}`;
      void this.suggest();
      this.changed();
      void keepPhotos(this.chooser.files);
    });
    this.kinds = new Kinds(form, readJson<Kind[]>("report-kinds") ?? [], this.words, (_kind, tapped) => {
      clearProblem(form, "kind");
      this.changed();
      if (tapped && this.steps.current === "kind") this.steps.forward();
    });
    this.place = new Place(form, this.words, () => this.changed());
    this.similar = new Similar(this.find("[data-similar-panel]"), form.dataset["similar"] ?? "");
    this.steps = new Steps(form, (step) => this.allowed(step), () => this.shown());
    this.field("description").addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.suggest(), TYPING_MS);
    });
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.find("[data-draft-drop]", document).addEventListener("click", () => void dropDraft().then(() => location.reload()));
    addEventListener("online", () => {
      if (this.form.dataset["unsent"] !== undefined) toast(this.words("online_again"), "done");
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload(); // back from the confirmation: a new report, not the old one again
    });
    this.shown();
    void this.restore();
  }

  private find(selector: string, root: ParentNode = this.form): HTMLElement {
    return root.querySelector<HTMLElement>(selector) as HTMLElement;
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  private async restore(): Promise<void> {
    const draft = readDraft();
    const filled = location.search !== "" || document.querySelector(".error-summary") !== null;
    if (!draft || filled) return;
    fillForm(this.form, draft);
    if (draft.kind) this.kinds.choose(draft.kind);
    if (draft.lon && draft.lat) this.place.set({ lon: Number(draft.lon), lat: Number(draft.lat) }, "draft");
    await this.chooser.add(await keptPhotos(), true);
    this.find("[data-draft]", document).hidden = false;
  }

  private changed(): void {
    keepDraft(this.form);
    this.shown();
  }

  private shown(): void {
    if (this.steps.wizard && !this.steps.last) return;
    showSummary(this.find("[data-summary-list]"), this.words, {
      photos: this.chooser.photos.length,
      kind: this.kinds.chosen?.name ?? "",
      place: this.field("address").value.trim() || this.place.words_of_place,
      pinned: this.place.known,
    });
    void this.similar.look(this.field("lon").value, this.field("lat").value, this.kinds.chosen?.code ?? "");
  }

  private async suggest(): Promise<void> {
    const text = `${this.field("description").value} ${this.names}`.trim();
    if (this.kinds.chosen || !text) return;
    try {
      const response = await fetch(`${this.form.dataset["suggest"] ?? ""}?${new URLSearchParams({ text }).toString()}`);
      if (response.ok) this.kinds.suggest(((await response.json()) as { code: string }).code);
    } catch {
      // Without a network nothing is suggested; the person chooses.
    }
  }

  /** Judge one step; what is missing is said there. */
  private allowed(step: string): boolean {
    const missing = this.missing().filter(({ field }) => this.stepOf(field) === step);
    if (missing.length === 0) {
      document.querySelectorAll(".error-summary").forEach((summary) => summary.remove());
      return true;
    }
    this.complain(missing);
    return false;
  }

  private stepOf(field: string): string {
    return this.find(`[data-field="${field}"]`).closest<HTMLElement>("[data-step]")?.dataset["step"] ?? "";
  }

  private missing(): Problem[] {
    const problems: Problem[] = [];
    const value = (name: string): string => this.field(name).value.trim();
    if (this.chooser.count === 0 && !value("description")) problems.push({ field: "photos", text: this.words("need_photo") });
    if (!this.kinds.chosen) problems.push({ field: "kind", text: this.words("need_kind") });
    if (!this.place.known && !value("address")) problems.push({ field: "address", text: this.words("need_place") });
    if (this.place.known && !this.place.inside) problems.push({ field: "address", text: this.words("place_outside") });
    return problems;
  }

  private complain(problems: Problem[], title = "wrong_title"): void {
    const step = showProblems(this.form, this.words(title), problems);
    if (step) this.steps.go(step);
    this.find("[data-summary]").focus();
  }

  private async submit(): Promise<void> {
    if (this.busy) return;
    if (this.steps.wizard && !this.steps.last) {
      this.steps.forward();
      return;
    }
    const missing = this.missing();
    if (missing.length > 0) {
      this.complain(missing);
      return;
    }
    clearProblems(this.form);
    this.setBusy(true);
    await this.chooser.ready;
    keepDraft(this.form);
    const answer = await send(this.form, this.chooser.files, (share) => this.progress(share));
    if (answer.kind === "sent") {
      await dropDraft();
      location.assign(answer.next);
      return;
    }
    this.setBusy(false);
    if (answer.kind === "refused") {
      if (answer.problems.some(({ field }) => field === "submission_id")) forgetSubmission();
      this.complain(answer.problems);
      return;
    }
    this.form.dataset["unsent"] = "";
    this.complain([{ field: "", text: this.words(answer.offline ? "offline_kept" : "failed_kept") }], "unsent_title");
  }

  private progress(share: number): void {
    const percent = Math.round(share * 100);
    (this.find("[data-progress] progress") as HTMLProgressElement).value = percent;
    this.find("[data-progress-words]").textContent = percent < 100 ? this.words("sending", { percent }) : this.words("placing");
  }

  private setBusy(busy: boolean): void {
    this.busy = busy;
    const button = this.find("[data-send]");
    this.find("[data-progress]").hidden = !busy;
    if (busy) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-busy", "true");
      this.progress(0);
    } else {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
    }
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-report]");
if (form) new ReportPage(form);
