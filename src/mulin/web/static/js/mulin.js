/* What JavaScript adds to pages that work without it. Everything hangs on data- attributes, listed in
   templates/components/README.md; words come from the page, never from here. */
(function () {
  "use strict";

  const root = document.documentElement;
  root.classList.add("js");

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const isVisible = (element) => element.getClientRects().length > 0;
  const isTyping = (element) => Boolean(element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));

  function words(id) {
    const template = document.getElementById(id);
    return template ? template.content.textContent.trim() : "";
  }

  /* ---- when a page or a part of it arrives --------------------------------------------------------- */

  function prepare(within) {
    const first = within.querySelector("[data-focus]");
    if (first) first.focus();
    all("[data-operation-id]", within).forEach((field) => { if (!field.value) field.value = operationId(); });
    all("[data-bulk-bar]", within).forEach((bar) => countSelected(bar.closest("form")));
  }

  function operationId() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* ---- sending once ------------------------------------------------------------------------------------ */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("data-download")) return; // a file comes, this page stays
    if (form.dataset.sending) { event.preventDefault(); return; }
    const waiting = pending.get(form);
    if (waiting) {
      event.preventDefault();
      waiting.then(() => sendAgain(form, event.submitter));
      return;
    }
    form.dataset.sending = "1";
    const pressed = event.submitter || form.querySelector("[type=submit]");
    // A disabled button would not be sent along, so it is only marked.
    if (pressed && form.hasAttribute("data-once")) window.setTimeout(() => markBusy(pressed), 0);
  });

  function sendAgain(form, submitter) {
    if (submitter) submitter.click();
    else if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  }

  function markBusy(button) {
    const label = button.querySelector("span");
    button.setAttribute("aria-busy", "true");
    if (!label || !words("text-busy")) return;
    button.dataset.label = label.textContent;
    label.textContent = words("text-busy");
  }

  function release(within) {
    all("form[data-sending]", within).forEach((form) => { delete form.dataset.sending; });
    all("[aria-busy][data-label]", within).forEach((button) => {
      button.removeAttribute("aria-busy");
      button.querySelector("span").textContent = button.dataset.label;
    });
  }

  // Coming back by the browser's back button must find a form that can be sent.
  window.addEventListener("pageshow", () => release(document));

  /* ---- photos: looked at and shrunk before they cost data -------------------------------------------------- */

  const pending = new WeakMap(); // form -> promise of its photos being ready
  const chosen = new WeakMap(); // picker -> files
  const SHRINKABLE = ["image/jpeg", "image/png", "image/webp"];
  const SMALL_ENOUGH_BYTES = 400 * 1024;

  document.addEventListener("change", (event) => {
    const picker = event.target.closest("[data-photo-picker]");
    if (!picker || event.target.type !== "file" || !window.DataTransfer) return;
    const work = addPhotos(picker, event.target).catch(() => undefined); // the untouched files stay in the field
    if (picker.closest("form")) {
      const form = picker.closest("form");
      pending.set(form, work);
      work.then(() => { if (pending.get(form) === work) pending.delete(form); });
    }
  });

  async function addPhotos(picker, field) {
    const state = picker.querySelector("[data-photo-state]");
    const limit = Number(picker.dataset.limit);
    const before = chosen.get(picker) || [];
    const added = Array.from(field.files);
    state.textContent = textOf(picker, "preparing");
    const ready = [];
    for (const file of added.slice(0, Math.max(0, limit - before.length))) {
      ready.push(await shrunk(file, Number(picker.dataset.longestPx)));
    }
    keepPhotos(picker, field, before.concat(ready));
    state.textContent = before.length + added.length > limit ? textOf(picker, "too-many") : "";
  }

  function textOf(picker, name) {
    return picker.querySelector(`[data-text="${name}"]`).content.textContent.trim();
  }

  function keepPhotos(picker, field, files) {
    chosen.set(picker, files);
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    field.files = transfer.files;
    const list = picker.querySelector("[data-previews]");
    all("img", list).forEach((image) => URL.revokeObjectURL(image.src));
    list.textContent = "";
    list.hidden = files.length === 0;
    files.forEach((file) => list.append(preview(picker, field, file)));
  }

  function preview(picker, field, file) {
    const item = picker.querySelector("[data-photo-template]").content.cloneNode(true).firstElementChild;
    const image = item.querySelector("img");
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => { // HEIC, say, which this browser cannot draw: its name must do
      const name = document.createElement("span");
      name.className = "photo-name";
      name.textContent = file.name;
      image.replaceWith(name);
    });
    item.querySelector("button").addEventListener("click", () => {
      keepPhotos(picker, field, chosen.get(picker).filter((other) => other !== file));
      field.focus();
    });
    return item;
  }

  async function shrunk(file, longestPx) {
    if (!SHRINKABLE.includes(file.type) || !window.createImageBitmap) return file;
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch (error) {
      return file; // not a picture this browser can open: the server decides
    }
    const scale = Math.min(1, longestPx / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= SMALL_ENOUGH_BYTES) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  }

  /* ---- pressing things ---------------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const target = event.target;
    const copy = target.closest("[data-copy]");
    if (copy) copyText(copy);
    if (target.closest("[data-print]")) window.print();
    if (target.closest("[data-show-keys]")) showKeys();
    if (target.closest("[data-close-trouble]")) document.getElementById("trouble").hidden = true;
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
    openRow(event);
  });

  // The whole row may be pressed, but choosing its words with the mouse must stay possible.
  function openRow(event) {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, input, label, select, summary") || String(window.getSelection())) return;
    const link = row.querySelector("a[data-row-link]");
    if (link) link.click();
  }

  async function copyText(button) {
    const label = button.querySelector("span");
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch (error) {
      copyBySelection(button.dataset.copy);
    }
    label.textContent = button.dataset.copied;
    window.setTimeout(() => { label.textContent = before; }, 2500);
  }

  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    const form = target.closest("form");
    if (target.matches("[data-submit-on-change]") && form) form.requestSubmit ? form.requestSubmit() : form.submit();
    if (target.matches("[data-select-all]")) all("[name=selected]", form).forEach((box) => { box.checked = target.checked; });
    if (target.matches("[data-select-all], [name=selected]")) countSelected(form);
    if (target.matches("[data-keys-on]")) rememberKeys(target.checked);
  });

  function countSelected(form) {
    const bar = form && form.querySelector("[data-bulk-bar]");
    if (!bar) return;
    const count = all("[name=selected]:checked", form).length;
    bar.querySelector("[data-selected-count]").textContent = count;
    bar.toggleAttribute("data-none", count === 0);
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-filter-options]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    const options = event.target.closest("fieldset").querySelector("[data-options]");
    let found = 0;
    all(".choice", options).forEach((choice) => {
      choice.hidden = Boolean(wanted) && !choice.textContent.toLowerCase().includes(wanted);
      if (!choice.hidden) found += 1;
    });
    all("[role=group]", options).forEach((group) => { group.hidden = !group.querySelector(".choice:not([hidden])"); });
    options.querySelector("[data-no-option]").hidden = found > 0;
  });

  /* ---- keys of the workbench ------------------------------------------------------------------------------------- */

  const KEYS_OFF = "mulin-keys-off"; // a taste of this browser, nothing personal

  function keysAreOn() {
    try { return window.localStorage.getItem(KEYS_OFF) !== "1"; } catch (error) { return true; }
  }

  function rememberKeys(on) {
    try { window.localStorage.setItem(KEYS_OFF, on ? "0" : "1"); } catch (error) { /* private window: holds for this page only */ }
  }

  function showKeys() {
    const dialog = document.getElementById("keys");
    if (!dialog || !dialog.showModal) return;
    all("[data-keys-on]", dialog).forEach((box) => { box.checked = keysAreOn(); });
    dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return moveInList(event, event.key === "ArrowDown" ? 1 : -1);
    if (keysAreOn()) singleKey(event);
  });

  function singleKey(event) {
    const key = event.key.toLowerCase();
    if (key === "/") return reach(event, document.querySelector("[data-search]"));
    if (key === "?") { event.preventDefault(); return showKeys(); }
    if (key === "j") return moveInList(event, 1);
    if (key === "k") return moveInList(event, -1);
    if (key === "x") return selectRow(event);
    const wanted = all("[data-key]").find((element) => element.dataset.key.toLowerCase() === key && isVisible(element));
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    const panel = wanted.matches("summary") && wanted.parentElement;
    if (panel && panel.open) reach(event, panel.querySelector("input:not([type=hidden]), select, textarea"));
  }

  function reach(event, element) {
    if (!element) return;
    event.preventDefault();
    element.focus();
    if (element.select) element.select();
  }

  function moveInList(event, step) {
    const links = all("[data-row] [data-row-link]").filter(isVisible);
    if (!links.length) return;
    const here = document.activeElement.closest("[data-row]") || document.querySelector(".row-current[data-row]");
    if (document.activeElement !== document.body && !document.activeElement.closest("[data-row]") && event.key.startsWith("Arrow")) return;
    const at = links.findIndex((link) => here && here.contains(link));
    const next = links[at === -1 ? (step > 0 ? 0 : links.length - 1) : at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function selectRow(event) {
    const row = document.activeElement.closest("[data-row]");
    const box = row && row.querySelector("[name=selected]");
    if (box) { event.preventDefault(); box.click(); }
  }

  /* ---- htmx: say that one waits, say when it failed ------------------------------------------------------------------ */

  let requests = 0;

  function waiting(change, target) {
    requests = Math.max(0, requests + change);
    root.classList.toggle("waiting", requests > 0);
    if (target) target.toggleAttribute("data-waiting", change > 0);
    if (target && change > 0) target.setAttribute("aria-busy", "true");
    else if (target) target.removeAttribute("aria-busy");
  }

  function isPolling(event) {
    return Boolean(event.detail.elt && (event.detail.elt.getAttribute("hx-trigger") || "").startsWith("every"));
  }

  // In a list beside its detail, the row that was opened is the current one.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.detail.elt.matches("[data-row-link]") && event.detail.elt.closest("[data-row]");
    if (!row) return;
    all("[data-row].row-current").forEach((other) => {
      other.classList.remove("row-current");
      all("[aria-current]", other).forEach((link) => link.removeAttribute("aria-current"));
    });
    row.classList.add("row-current");
    event.detail.elt.setAttribute("aria-current", "true");
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (!isPolling(event)) waiting(1, event.detail.target); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPolling(event)) waiting(-1, event.detail.target);
    release(document);
  });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
    document.addEventListener(name, (event) => {
      const trouble = document.getElementById("trouble");
      if (trouble && !isPolling(event)) trouble.hidden = false;
    });
  });
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document));
  else prepare(document);
})();
