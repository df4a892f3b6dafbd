/* The photos of a report on the page: taken, dropped, pasted, shown, taken away again. */
import { icon, make } from "../lib/page.ts";
import type { Point } from "./exif.ts";
import { PHOTOS_MAX, prepare, wrongWith, type Photo, type Words } from "./photos.ts";
import { clearProblem, showProblem } from "./problems.ts";

export class PhotoChooser {
  photos: Photo[] = [];
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
      input.addEventListener("change", () => {
        const files = [...(input.files ?? [])];
        input.value = "";
        void this.add(files);
      });
    }
    this.bindDrop();
    this.draw();
  }

  get files(): File[] {
    return this.photos.map((photo) => photo.file);
  }

  /** Take files in, each judged on its own: one bad file does not lose the others. */
  async add(files: File[], quiet = false): Promise<void> {
    clearProblem(this.form, "photos");
    this.field.setAttribute("aria-busy", "true");
    for (const file of files) {
      const problem =
        this.photos.length >= PHOTOS_MAX ? this.words("photo_too_many", { name: file.name }) : await wrongWith(file, this.words);
      if (problem) {
        showProblem(this.form, "photos", problem);
        continue;
      }
      const photo = await prepare(file);
      this.photos.push(photo);
      this.draw();
      if (!quiet) this.onChange(photo.place, file.name);
    }
    this.field.removeAttribute("aria-busy");
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
    this.list.replaceChildren(...this.photos.map((photo, index) => this.item(photo, index + 1)));
    this.field.dataset["count"] = String(this.photos.length);
    this.field.toggleAttribute("data-full", this.photos.length >= PHOTOS_MAX);
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
