/* Cases near the pin that may be the same thing: shown before sending, so that nobody reports twice unknowing. */

/** Fetch the server's list for a place and kind into `panel`; the panel is hidden when there is none. */
export class Similar {
  private asked = "";

  constructor(
    private readonly panel: HTMLElement,
    private readonly address: string,
  ) {}

  async look(lon: string, lat: string, category: string): Promise<void> {
    const query = new URLSearchParams({ lon, lat, category }).toString();
    if (!lon || !lat || !category) {
      this.asked = "";
      this.panel.hidden = true;
      return;
    }
    if (query === this.asked) return;
    this.asked = query;
    try {
      const response = await fetch(`${this.address}?${query}`);
      const html = response.ok && response.status !== 204 ? await response.text() : "";
      if (query !== this.asked) return;
      // Our own server's template, escaped there.
      this.panel.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      this.panel.hidden = html.trim() === "";
    } catch {
      this.asked = ""; // no network: it is asked again at the next change
      this.panel.hidden = true;
    }
  }
}
