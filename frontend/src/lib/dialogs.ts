/* Dialogs and tabs that open by a button: `data-dialog="id"`, `data-dialog-close`, `role="tab"` with aria-controls. */

function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function chooseTab(tab: HTMLElement): void {
  const list = tab.closest("[role=tablist]");
  for (const other of list?.querySelectorAll<HTMLElement>("[role=tab]") ?? []) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}

/** Listen for presses on dialog buttons and tabs, and arrows between tabs. */
export function bindDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener?.dataset["dialog"]) {
      event.preventDefault();
      openDialog(opener.dataset["dialog"]);
    }
    if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
    const tab = target.closest<HTMLElement>("[role=tab]");
    if (tab) chooseTab(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLElement>("[role=tab]");
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !by) return;
    const all = [...(tab.closest("[role=tablist]")?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
    const next = all[(all.indexOf(tab) + by + all.length) % all.length];
    if (!next) return;
    chooseTab(next);
    next.focus();
  });
}
