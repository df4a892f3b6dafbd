/* On every page: styles, preferences, keyboard, forms, htmx, the strip that says the network is gone. */
import "linli-fonts";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/upload.css";
import "../styles/data.css";
import "../styles/marks.css";
import "../styles/story.css";
import "../styles/feedback.css";
import "../styles/dialogs.css";
import "../styles/layout.css";
import "../styles/layout_wall.css";
import "../styles/map.css";
import "../styles/chart.css";
import "../styles/print.css";
import { bindDialogs } from "../lib/dialogs.ts";
import { keepTimesFresh } from "../lib/format.ts";
import { bindErrorSummary, bindUploads, guardForms } from "../lib/forms.ts";
import { startHtmx } from "../lib/htmx.ts";
import { bindKeys } from "../lib/keys.ts";
import { bindPreferences } from "../lib/theme.ts";

function bindOfflineStrip(): void {
  const strip = document.getElementById("offline-strip");
  const show = (): void => {
    if (strip) strip.hidden = navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

bindPreferences();
guardForms();
bindKeys();
bindDialogs();
bindUploads();
bindErrorSummary();
bindOfflineStrip();
keepTimesFresh();
startHtmx();
document.addEventListener("htmx:afterSettle", () => bindUploads());
document.documentElement.dataset["ready"] = "";
