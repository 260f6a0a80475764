// What Gradio leaves open on our pages: storage in foreign frames, citation links, speech, copy and save.
// Runs before any other script. Sets text only, never markup.
(() => {
  "use strict";
  const me = document.currentScript;
  const parents = (me?.dataset.parents || "").split(" ").filter(Boolean);
  const framed = window.parent !== window;
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  // A frame of another site may be denied storage, and Gradio reads it without asking.
  try { localStorage.getItem("x"); } catch {
    const kept = new Map();
    Object.defineProperty(window, "localStorage", { configurable: true, value: {
      getItem: (k) => (kept.has(k) ? kept.get(k) : null), setItem: (k, v) => { kept.set(k, String(v)); },
      removeItem: (k) => { kept.delete(k); }, clear: () => { kept.clear(); },
      key: (i) => [...kept.keys()][i] ?? null, get length() { return kept.size; } } });
  }

  // The page is written in one language; Gradio would name and translate it by the browser's.
  const tongue = "en-GB";
  for (const [name, value] of [["language", tongue], ["languages", [tongue]]]) {
    Object.defineProperty(navigator, name, { configurable: true, get: () => value });
  }
  root.lang = tongue;
  if (framed) root.classList.add("ea-framed");

  // Citations: open the source, mark it, move the focus there; and back again.
  let cameFrom = null;
  const goTo = (target) => {
    const panel = target.closest("#ea-side");
    if (panel && panel.scrollHeight > panel.clientHeight + 1 && getComputedStyle(panel).position === "sticky") {
      panel.scrollTop += target.getBoundingClientRect().top - panel.getBoundingClientRect().top - 9;
    } else {
      target.scrollIntoView({ block: panel ? "start" : "center" });
    }
    target.focus({ preventScroll: true });
  };
  const openSource = (link, source) => {
    for (let d = source; d; d = d.parentElement?.closest("details")) d.open = true;
    document.querySelectorAll(".ea-now").forEach((s) => s.classList.remove("ea-now"));
    source.classList.add("ea-now");
    cameFrom = link;
    goTo(source.querySelector("summary"));
  };
  const goBack = (id) => {
    const target = (cameFrom?.isConnected && cameFrom) || byId(id);
    if (target) goTo(target);
    cameFrom = null;
  };
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.ea-cite, a.ea-back");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const id = link.hash.slice(1);
    if (link.classList.contains("ea-back")) { goBack(id); return; }
    const source = byId(id);
    if (source) openSource(link, source);
  }, true);

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const source = document.activeElement?.closest?.(".ea-source");
    if (source && cameFrom) { goBack(""); return; }
    if (framed) for (const origin of parents) window.parent.postMessage({ type: "evidence:close" }, origin);
  });

  // The sources are drawn anew with each statement: what the reader opened stays open.
  const opened = new Set();
  addEventListener("toggle", (event) => {
    const source = event.target;
    if (source.id && source.isConnected) opened[source.open ? "add" : "delete"](source.id);
  }, true);

  // Copy and save: the text is made by the server, with every citation.
  const textOf = (id) => byId(id)?.querySelector("textarea, input")?.value ?? "";
  const say = (words) => { const s = byId("ea-status-live"); if (s) s.textContent = words; };
  const oldCopy = (text) => {
    const area = document.createElement("textarea");
    area.value = text; area.className = "ea-sr"; document.body.append(area); area.select();
    const done = document.execCommand("copy"); area.remove(); return done;
  };
  const copy = async (button) => {
    const text = textOf("ea-answer-text");
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = oldCopy(text); }
    button.focus();
    say(done ? "Copied, with its sources." : "Your browser did not allow copying.");
    note(button, done ? "Copied" : "Not copied");
  };
  const note = (button, words) => {
    const label = button.dataset.label ||= button.textContent.trim();
    button.textContent = words;
    setTimeout(() => { button.textContent = label; }, 2500);
  };
  const download = (content, name, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const save = (button, id, name, type) => {
    if (textOf(id)) download(textOf(id), name, type); else note(button, "Nothing to save");
  };
  // A file made by the server waits in a hidden box: {name, type, base64}. Each is saved once, when it arrives.
  const saved = new Map();
  const saveFiles = () => document.querySelectorAll(".ea-file textarea, .ea-file input").forEach((box) => {
    const key = box.closest(".ea-file").id, text = box.value;
    if (!text || saved.get(key) === text) return;
    saved.set(key, text);
    const file = JSON.parse(text);
    download(Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0)), file.name, file.type);
  });
  addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (button?.id === "ea-copy") copy(button);
    if (button?.id === "ea-save") save(button, "ea-talk-text", "conversation.md", "text/markdown");
    if (button?.id === "ea-save-receipt") save(button, "ea-receipt-text", "receipt.json", "application/json");
  });

  // Review: number keys mark, Enter saves, U undoes, L leaves for later. Never in a text box, and not at all
  // once the reader has switched the keys off.
  const shown = (node) => node.offsetParent !== null;
  const marks = () => [...document.querySelectorAll("#ea-review-form fieldset")].filter(
    (set) => shown(set) && set.querySelector("input[type=radio]"));
  const press = (id) => { const button = byId(id); if (button && shown(button)) button.click(); };
  const mark = (place) => {
    const all = marks();
    const here = document.activeElement?.closest?.("fieldset");
    const set = all.includes(here) ? here : all.find((each) => !each.querySelector("input:checked"));
    const choice = set?.querySelectorAll("input[type=radio]")[place];
    if (!choice) return false;
    choice.click();
    const next = all[all.indexOf(set) + 1];
    const target = next ? next.querySelector("input:checked, input[type=radio]") : byId("ea-save-next");
    target?.focus({ preventScroll: true });
    (next ?? target)?.scrollIntoView({ block: "nearest" });
    return true;
  };
  addEventListener("keydown", (event) => {
    const form = byId("ea-review-form");
    if (!form || !shown(form) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const on = event.target.closest?.("textarea, input, select, button, a, summary, [role=listbox]");
    const typing = on && !on.matches("input[type=radio], #ea-save-next");
    if (typing || !byId("ea-use-keys")?.querySelector("input")?.checked) return;
    let done = true;
    if (/^[1-9]$/.test(event.key)) done = mark(Number(event.key) - 1);
    else if (event.key === "Enter" && !event.repeat) press("ea-save-next");
    else if (event.key === "u" || event.key === "U") press("ea-undo");
    else if (event.key === "l" || event.key === "L") press("ea-later");
    else done = false;
    if (done) event.preventDefault();
  });
  // Gradio leaves the list of a box open when Tab leaves the box, over what the focus goes to next.
  addEventListener("focusout", (event) => {
    const box = event.target;
    if (event.isTrusted && box.matches?.("input[role=combobox]"))
      setTimeout(() => { if (document.activeElement !== box) box.dispatchEvent(new FocusEvent("blur")); }, 60);
  });
  let reviewed = "";
  const showReview = () => {
    const asked = byId("ea-review-question"), place = byId("ea-place");
    const now = asked && place ? `${place.textContent} ${asked.textContent}` : "";
    if (now && now !== reviewed) { asked.focus({ preventScroll: true }); place.scrollIntoView({ block: "start" }); }
    reviewed = now;
  };

  // Evidence: a link of the map or of the list goes to the server without a new page, the address follows what
  // is shown, and what was found takes the focus. Without this script the same links open as pages.
  let went = false, shownAddress = "";
  const put = (id, text) => {
    const box = byId(id)?.querySelector("textarea, input");
    if (!box) return false;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.ea-go");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (put("ea-evidence-go", `${link.search}#${Date.now()}`)) { event.preventDefault(); went = true; }
  }, true);
  const followAddress = () => {
    const box = byId("ea-address")?.querySelector("textarea, input");
    if (!box || !box.value || box.value === shownAddress) return;
    shownAddress = box.value;
    const address = shownAddress.split("#")[0].replace(/^\?$/, "");
    try { history.replaceState(history.state, "", location.pathname + address); } catch { /* a frame may forbid it */ }
    if (!went) return;
    went = false;
    const top = byId("ea-results-top");
    if (top) { top.focus({ preventScroll: true }); top.scrollIntoView({ block: "start" }); }
  };

  // A table from the reader's computer is read here, in the browser, into the box beside it; nothing is uploaded.
  const longestFile = 200000;
  const lettersOf = (bytes) => {
    try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1252").decode(bytes); }
  };
  const takeFile = async (input, box) => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > longestFile) { say("The file is too large. Hand it in in parts."); input.value = ""; return; }
    const text = lettersOf(await file.arrayBuffer());
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    say("The file was read. Press Take in.");
  };
  const offerFiles = () => document.querySelectorAll(".ea-take-file").forEach((place) => {
    const box = place.querySelector("textarea");
    if (!box || place.querySelector(".ea-choose-file")) return;
    const label = document.createElement("label"), input = document.createElement("input");
    label.className = "ea-choose-file"; label.textContent = "Choose a file from your computer";
    input.type = "file"; input.accept = ".csv,.txt,text/csv";
    input.addEventListener("change", () => takeFile(input, box));
    label.append(input); place.append(label);
  });

  // Speech: one region of ours says "Searching" and "Answer ready" once; the log itself stays silent.
  const start = () => {
    const live = document.createElement("div");
    live.id = "ea-status-live"; live.setAttribute("role", "status"); live.className = "ea-sr";
    const skip = document.createElement("a");
    skip.className = "ea-skip"; skip.href = "#ea-main"; skip.textContent = "Skip to the content";
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      (byId("ea-question") ?? byId("ea-main"))?.querySelector("textarea, input, button, a, [tabindex]")?.focus();
    });
    document.body.prepend(skip); document.body.append(live);
    // A new question stays at the top while its answer grows, until the reader takes over.
    let told = "", planned = "", turns = 0, following = false, settling = 0;
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      addEventListener(kind, () => { following = false; }, { capture: true, passive: true });
    }
    const set = (node, name, value) => {
      if (node && node.getAttribute(name) !== value) node.setAttribute(name, value);
    };
    const tidy = () => {
      if (root.lang !== tongue) root.lang = tongue;
      document.querySelectorAll("[role=log]").forEach((log) => {
        set(log, "aria-live", "off"); set(log, "aria-label", "Conversation");
      });
      document.querySelectorAll("#ea-chat .message [aria-label], #ea-chat .message[aria-label]").forEach((node) => {
        if (/'s message:/.test(node.getAttribute("aria-label"))) node.removeAttribute("aria-label");
      });
      document.querySelectorAll("fieldset").forEach((group) => {  // its title is no legend
        const title = group.querySelector("[data-testid=block-info]")?.textContent.trim();
        if (title) set(group, "aria-label", title);
      });
      document.querySelectorAll("a[target=_blank]").forEach((link) => {  // Gradio opens our own pages anew, too
        if (link.origin === location.origin) link.removeAttribute("target");
      });
      document.querySelectorAll(".ea-plot .js-plotly-plot").forEach((picture) => {
        set(picture, "role", "img"); set(picture, "aria-label", "Picture. The table with it says the same in words.");
      });
      // Gradio opens every link as a new page and drops what tells the open page from the others.
      set(document.querySelector(".ea-nav"), "aria-label", "Pages");
      document.querySelectorAll(".ea-nav a").forEach((link) => {
        link.removeAttribute("target");
        if (link.classList.contains("ea-here")) set(link, "aria-current", "page");
      });
      opened.forEach((id) => { const source = byId(id); if (source && !source.open) source.open = true; });
      const side = byId("ea-side");
      set(side, "role", "region"); set(side, "aria-label", "Sources"); set(side, "tabindex", "0");
      const status = document.querySelector("#ea-status .md")?.textContent.trim() ?? "";
      if (status !== told) {
        told = status;
        if (status && live.textContent !== status) live.textContent = status;  // it is empty for a moment when drawn anew
        clearTimeout(settling);
        if (status !== "Searching") settling = setTimeout(() => { following = false; }, 400);
      }
      const plan = document.querySelector(".ea-plan-said")?.textContent.trim() ?? "";
      if (plan !== planned) { planned = plan; if (plan) live.textContent = plan; }
      const asked = document.querySelectorAll(".ea-asked");
      if (asked.length > turns) { following = true; if (side) side.scrollTop = 0; }
      turns = asked.length;
      if (following && turns) asked[turns - 1].scrollIntoView({ block: "start" });
      saveFiles();
      offerFiles();
      showReview();
      followAddress();
    };
    new MutationObserver(tidy).observe(root, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["lang", "aria-live", "aria-label"] });
    tidy();
  };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
