/* A citizen's own case: hears that it moved, fetches the story anew; copies and shares the link to it. */
import "../styles/track.css";
import { connectLive } from "../lib/live.ts";
import { toast } from "../lib/toast.ts";

function bindCopy(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset["copy"] ?? "") as HTMLInputElement;
      input.select();
      void copy(input.value).then((copied) => {
        if (copied) toast(button.dataset["done"] ?? "", "done");
      });
    });
  }
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The clipboard needs a secure address; the older way copies what is selected.
    return document.execCommand("copy");
  }
}

function bindShare(): void {
  const button = document.querySelector<HTMLElement>("[data-share]");
  const input = document.getElementById("track-link") as HTMLInputElement | null;
  if (!button || !input || !("share" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset["title"] ?? "", url: input.value }).catch(() => undefined);
  });
}

function bindLive(page: HTMLElement): void {
  const state = page.querySelector<HTMLElement>("[data-live-state]");
  const fetchAgain = (): void => {
    // Words being typed into the rating are not swept away.
    if (page.querySelector("form :checked, form textarea:focus")) return;
    document.body.dispatchEvent(new CustomEvent("linli:moved"));
  };
  let connected = false;
  connectLive({
    tokenAddress: page.dataset["token"] ?? "",
    onEvent: fetchAgain,
    onGap: fetchAgain,
    onState: (now) => {
      if (now === "online" && connected) fetchAgain();
      connected ||= now === "online";
      if (!state) return;
      state.dataset["live"] = now;
      state.textContent = state.dataset[now] ?? "";
    },
  });
}

bindCopy();
bindShare();
const page = document.querySelector<HTMLElement>("[data-track]");
if (page) bindLive(page);
