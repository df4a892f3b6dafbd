/* Where it is: a pin from the photo, from the device, from an address, or from the map; said back in words. */
import { make } from "../lib/page.ts";
import type { CityMap } from "../lib/map.ts";
import type { MapElement } from "../lib/map_element.ts";
import type { Point } from "./exif.ts";
import type { Words } from "./photos.ts";
import { clearProblem } from "./problems.ts";

interface Located {
  inside: boolean;
  address_hint: string;
}

interface AddressHit extends Point {
  label: string;
  shown: string;
}

export type Source = "photo" | "device" | "address" | "map" | "draft";

const CLOSE_ZOOM = 17;
const ROUGH_M = 100;
const TYPING_MS = 350;

export class Place {
  private city: CityMap | null = null;
  private source: Source | "" = "";
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly lon: HTMLInputElement;
  private readonly lat: HTMLInputElement;
  private readonly address: HTMLInputElement;
  private readonly hint: HTMLElement;
  private readonly list: HTMLElement;
  /** What the map says of the place; empty outside the city or before it is known. */
  words_of_place = "";
  inside = true;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly words: Words,
    private readonly onChange: () => void,
  ) {
    const find = <T extends HTMLElement>(selector: string): T => form.querySelector<T>(selector) as T;
    this.lon = find("input[name=lon]");
    this.lat = find("input[name=lat]");
    this.address = find("input[name=address]");
    this.hint = find("[data-place-hint] span");
    this.list = find("[data-address-list]");
    const here = find<HTMLButtonElement>("[data-here]");
    here.addEventListener("click", () => this.askDevice(here));
    this.address.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.searchAddress(), TYPING_MS);
    });
    this.address.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    // On a phone the keyboard covers the lower half: the field goes up, so that what is found stands in sight.
    this.address.addEventListener("focus", () => {
      if (matchMedia("(pointer: coarse)").matches) this.address.closest("[data-field]")?.scrollIntoView({ block: "start" });
    });
    void this.bindMap(find<MapElement>("linli-map"));
    if (this.known) void this.tell();
  }

  get known(): boolean {
    return this.lon.value !== "" && this.lat.value !== "";
  }

  /** Put the pin somewhere. A place chosen by hand is never overruled by a photo. */
  set(point: Point, source: Source): void {
    if (source === "photo" && this.source && this.source !== "photo") return;
    this.source = source;
    this.lon.value = point.lon.toFixed(6);
    this.lat.value = point.lat.toFixed(6);
    this.city?.pin?.set(point, false);
    this.city?.show(point.lon, point.lat, CLOSE_ZOOM);
    void this.tell();
  }

  private async bindMap(element: MapElement): Promise<void> {
    element.addEventListener("pin", (event) => {
      this.source = "map";
      const { lon, lat } = (event as CustomEvent<Point>).detail;
      this.lon.value = lon.toFixed(6);
      this.lat.value = lat.toFixed(6);
      void this.tell();
    });
    await customElements.whenDefined("linli-map");
    this.city = await element.ready.catch(() => null);
    if (this.known) this.set({ lon: Number(this.lon.value), lat: Number(this.lat.value) }, this.source || "draft");
  }

  /** Ask the server what lies there, and say it. */
  private async tell(roughM = 0): Promise<void> {
    clearProblem(this.form, "address");
    const number = (this.asked += 1);
    this.say(this.words("place_looking"));
    try {
      const query = new URLSearchParams({ lon: this.lon.value, lat: this.lat.value });
      const response = await fetch(`${this.form.dataset["locate"] ?? ""}?${query.toString()}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const found = (await response.json()) as Located;
      if (number !== this.asked) return;
      this.inside = found.inside;
      this.words_of_place = found.inside ? found.address_hint : "";
      if (!found.inside) this.say(this.words("place_outside"), true);
      else this.say(this.sentence(found.address_hint) + (roughM > ROUGH_M ? this.words("place_rough", { metres: Math.round(roughM) }) : ""));
    } catch {
      if (number !== this.asked) return;
      this.inside = true;
      this.words_of_place = "";
      this.say(this.words("place_unknown"));
    }
    this.onChange();
  }

  private sentence(hint: string): string {
    const origin = this.source === "photo" ? this.words("place_from_photo") : this.source === "device" ? this.words("place_from_device") : "";
    return origin + this.words("place_found", { place: hint || this.words("place_pinned") });
  }

  private say(text: string, wrong = false): void {
    this.hint.textContent = text;
    this.hint.closest<HTMLElement>("[data-place-hint]")?.toggleAttribute("data-wrong", wrong);
  }

  private askDevice(button: HTMLButtonElement): void {
    if (!("geolocation" in navigator)) {
      this.say(this.words("device_failed"), true);
      return;
    }
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        this.set({ lon: coords.longitude, lat: coords.latitude }, "device");
        if (coords.accuracy > ROUGH_M) void this.tell(coords.accuracy);
      },
      (error) => {
        button.removeAttribute("aria-busy");
        this.say(this.words(error.code === error.PERMISSION_DENIED ? "device_denied" : "device_failed"), true);
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  }

  private async searchAddress(): Promise<void> {
    const text = this.address.value.trim();
    if (text.length < 2) {
      this.list.hidden = true;
      return;
    }
    try {
      const response = await fetch(`${this.form.dataset["address"] ?? ""}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      const { hits } = (await response.json()) as { hits: AddressHit[] };
      if (text !== this.address.value.trim()) return;
      this.list.replaceChildren(...hits.map((hit) => this.hit(hit)));
      this.list.hidden = hits.length === 0;
    } catch {
      this.list.hidden = true; // the words themselves are still sent
    }
  }

  private hit(hit: AddressHit): HTMLElement {
    const button = make("button", { type: "button", class: "menu-item" }, hit.shown);
    button.addEventListener("click", () => {
      this.address.value = hit.label;
      this.list.hidden = true;
      this.set(hit, "address");
      this.address.focus();
    });
    return make("li", {}, button);
  }
}
