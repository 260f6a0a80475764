// One script tag puts a button and, when it is pressed, a framed page of the assistant on any page.
// Attributes of the tag: data-label, data-app (address of the page). Style: --evidence-brand, --evidence-ink.
(() => {
  "use strict";
  const me = document.currentScript;
  const app = new URL(me.dataset.app || "./", new URL(".", me.src));
  const label = me.dataset.label || "Ask the evidence";
  const css = `:host{all:initial}
*{box-sizing:border-box}
button{font:700 16px/1.4 Arial,sans-serif;color:var(--evidence-ink,#fff);background:var(--evidence-brand,#0b5a7a);border:2px solid #fff;border-radius:6px;padding:10px 16px;min-height:44px;cursor:pointer}
button:focus-visible{outline:3px solid #1d2a33;outline-offset:0;box-shadow:0 0 0 6px #ffd84d}
.launch{position:fixed;right:16px;bottom:16px;z-index:2147483000}
section{position:fixed;right:16px;bottom:76px;z-index:2147483000;width:min(480px,calc(100vw - 32px));height:min(720px,calc(100vh - 92px));background:#fff;border:2px solid #46545d;border-radius:8px;display:grid;grid-template-rows:auto 1fr;overflow:hidden}
section[hidden]{display:none}
header{display:flex;justify-content:space-between;align-items:center;gap:8px;padding:8px 8px 8px 16px;background:#f4f6f7;color:#1d2a33}
h2{font:700 18px/1.3 Arial,sans-serif;margin:0}
iframe{width:100%;height:100%;border:0}
@media print{.launch,section{display:none}}`;
  const make = (tag, set = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const name in set) name in node ? (node[name] = set[name]) : node.setAttribute(name, set[name]);
    node.append(...inside);
    return node;
  };
  class EvidenceAssistant extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
      const frame = make("iframe", { title: label, allow: "clipboard-write", referrerPolicy: "no-referrer" });
      const close = make("button", { type: "button", textContent: "Close" });
      const head = make("header", {}, make("h2", { id: "h", textContent: label }), close);
      const panel = make("section", { id: "p", hidden: true, role: "dialog", "aria-labelledby": "h" }, head, frame);
      const launch = make("button", { type: "button", className: "launch", textContent: label, "aria-expanded": "false", "aria-controls": "p" });
      root.append(launch, panel);
      const show = (open) => {
        panel.hidden = !open;
        launch.setAttribute("aria-expanded", String(open));
        if (open && !frame.src) frame.src = app.href;
        (open ? close : launch).focus();
      };
      launch.onclick = () => show(panel.hidden);
      close.onclick = () => show(false);
      panel.onkeydown = (event) => { if (event.key === "Escape") show(false); };
      addEventListener("message", (event) => {
        if (event.origin === app.origin && event.source === frame.contentWindow && event.data?.type === "evidence:close") show(false);
      });
    }
  }
  if (!customElements.get("evidence-assistant")) customElements.define("evidence-assistant", EvidenceAssistant);
  const place = () => { if (!document.querySelector("evidence-assistant")) document.body.append(document.createElement("evidence-assistant")); };
  document.body ? place() : addEventListener("DOMContentLoaded", place);
})();
