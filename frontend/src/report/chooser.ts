/* The photos of a report on the page: taken, dropped, pasted, shown, taken away again. */
import { icon, make } from "../lib/page.ts";
import type { Point } from "./exif.ts";
import { PHOTOS_MAX, prepare, wrongWith, type Photo, type Words } from "./photos.ts";
import { clearProblem, showProblem } from "./problems.ts";

export class PhotoChooser {
  photos: Photo[] = [];
  private waiting = 0;
  private adding: Promise<void> = Promise.resolve();
  private readonly list: HTMLElement;
  private readonly field: HTMLElement;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly words: Words,
    private readonly onChange: (place: Point | null, name: string) => void,
  ) {
    const find = (selector: string): HTMLElement => form.querySelector<HTMLElement>(selector) as HTMLElement;
    this.field = find("[data-field=photos]");
    this.list = find("[data-photo-list]");
    const plain = find("input[name=photos]") as HTMLInputElement;
    plain.removeAttribute("name"); // the list is sent, not what the control happens to hold
    for (const input of form.querySelectorAll<HTMLInputElement>("[data-field=photos] input[type=file]")) {
      input.addEventListener("change", () => this.take(input));
      this.take(input); // chosen before this script was there
    }
    this.bindDrop();
    this.draw();
  }

  /** How many photos there are, those being made ready among them. */
  get count(): number {
    return this.photos.length + this.waiting;
  }

  /** Resolves when every photo is ready to be sent. */
  get ready(): Promise<void> {
    return this.adding;
  }

  get files(): File[] {
    return this.photos.map((photo) => photo.file);
  }

  /** Take files in, each judged on its own: one bad file does not lose the others. */
  add(files: File[], quiet = false): Promise<void> {
    clearProblem(this.form, "photos");
    this.waiting += files.length;
    this.draw();
    this.adding = this.adding.then(() => this.addEach(files, quiet));
    return this.adding;
  }

  private take(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) void this.add(files);
  }

  private async addEach(files: File[], quiet: boolean): Promise<void> {
    for (const file of files) {
      const problem =
        this.photos.length >= PHOTOS_MAX ? this.words("photo_too_many", { name: file.name }) : await wrongWith(file, this.words);
      const photo = problem ? null : await prepare(file);
      this.waiting -= 1;
      if (photo) this.photos.push(photo);
      else showProblem(this.form, "photos", problem);
      this.draw();
      if (photo && !quiet) this.onChange(photo.place, file.name);
    }
  }

  private remove(photo: Photo): void {
    URL.revokeObjectURL(photo.preview);
    this.photos = this.photos.filter((other) => other !== photo);
    clearProblem(this.form, "photos");
    this.draw();
    this.onChange(null, "");
    this.field.querySelector<HTMLElement>("button, label")?.focus();
  }

  private draw(): void {
    const ready = this.photos.map((photo, index) => this.item(photo, index + 1));
    const coming = Array.from({ length: Math.min(this.waiting, PHOTOS_MAX - ready.length) }, () =>
      make("li", { class: "report-photo skeleton" }, make("span", { class: "unseen" }, this.words("photo_preparing"))),
    );
    this.list.replaceChildren(...ready, ...coming);
    this.field.dataset["count"] = String(this.photos.length);
    this.field.toggleAttribute("data-full", this.count >= PHOTOS_MAX);
  }

  private item(photo: Photo, number: number): HTMLElement {
    const picture = make("img", { src: photo.preview, alt: this.words("photo_alt", { n: number }) });
    const away = make(
      "button",
      { type: "button", class: "button button-icon", "aria-label": this.words("photo_remove", { n: number }) },
      icon("x"),
    );
    away.addEventListener("click", () => this.remove(photo));
    return make("li", { class: "report-photo" }, picture, away);
  }

  private bindDrop(): void {
    this.field.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.field.dataset["over"] = "";
    });
    this.field.addEventListener("dragleave", () => delete this.field.dataset["over"]);
    this.field.addEventListener("drop", (event) => {
      event.preventDefault();
      delete this.field.dataset["over"];
      void this.add([...(event.dataTransfer?.files ?? [])]);
    });
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) void this.add(files);
    });
  }
}
