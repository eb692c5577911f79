// Small things on top of pages that work without them. Everything listens on the document, since navigation replaces elements.
const actions = {
  theme: () => toggleTheme(),
  copy: copyText,
  reveal: button => reveal(button),
  palette: openPalette,
};

document.addEventListener("click", event => {
  const button = event.target.closest("[data-action]");
  if (button) actions[button.dataset.action]?.(button);
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
});

document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") {
    event.preventDefault();
    openPalette();
  }
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// One click, one request.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post") return;
  if (event.submitter?.dataset.busy) {
    setTimeout(() => { event.submitter.disabled = true; event.submitter.textContent = event.submitter.dataset.busy; });
    announce(event.submitter.dataset.busy);
    return;
  }
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach(button => { button.disabled = true; }));
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach(button => { button.disabled = false; }), 8000);
});

/* Secrets: the text shows dots, the attribute holds the value. */
function reveal(button) {
  const shown = button.getAttribute("aria-pressed") !== "true";
  for (const other of document.querySelectorAll("[data-action=reveal]")) {
    other.setAttribute("aria-pressed", String(shown));
    other.setAttribute("aria-label", shown ? "Hide the password" : "Show the password");
    other.title = other.getAttribute("aria-label");
  }
  for (const secret of document.querySelectorAll("[data-secret]"))
    secret.textContent = shown ? secret.dataset.secret : "••••••••••••";
}

async function copyText(button) {
  const clone = document.getElementById(button.dataset.target).cloneNode(true);
  for (const secret of clone.querySelectorAll("[data-secret]")) secret.textContent = secret.dataset.secret;
  await navigator.clipboard.writeText(clone.textContent.trim());
  button.classList.add("done");
  announce("Copied");
  setTimeout(() => button.classList.remove("done"), 1600);
}

function announce(text) {
  let region = document.getElementById("announcer");
  if (!region) {
    region = Object.assign(document.createElement("div"), { id: "announcer", className: "visually-hidden" });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

/* Keeps a curl command in step with the form that it stands under. */
document.addEventListener("input", event => {
  const form = event.target.form;
  const scope = form?.closest("[data-curl-scope]") ?? form;
  const code = scope?.querySelector("[data-curl]:not([data-curl=''])");
  if (!code) return;
  const data = new FormData(form);
  const body = {};
  for (const pair of code.dataset.curl.split(";")) {
    const [field, member] = pair.split("=");
    const [name, kind] = member.split(":");
    const value = data.get(field);
    if (value === null || value === "") continue;
    body[name] = kind === "number" ? Number(value) : kind === "bool" ? value === "true" || value === "on" : value;
  }
  code.textContent = code.textContent.replace(/-d '[^]*'$/, `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
});

/* Live parts: the server sends rendered fragments whenever they change; "refresh" asks for the whole page anew. */
customElements.define("live-source", class extends HTMLElement {
  static observedAttributes = ["src"];

  connectedCallback() { this.open(); }
  disconnectedCallback() { this.close(); }
  attributeChangedCallback(_, before, after) { if (this.isConnected && before !== after) this.open(); }

  close() {
    this.events?.close();
    this.events = undefined;
  }

  open() {
    this.close();
    if (!this.getAttribute("src")) return;
    this.events = new EventSource(this.getAttribute("src"));
    this.events.addEventListener("fragment", event => this.replace(JSON.parse(event.data)));
    this.events.addEventListener("refresh", () => { this.close(); Blazor.navigateTo(location.href, { replaceHistoryEntry: true }); });
    this.events.addEventListener("online", () => { delete this.dataset.offline; });
    this.events.addEventListener("offline", () => { this.dataset.offline = ""; });
    this.events.onopen = () => { delete this.dataset.offline; };
    this.events.onerror = () => { this.dataset.offline = ""; };
  }

  replace({ name, html }) {
    const part = this.querySelector(`[data-live="${name}"]`) ?? document.querySelector(`[data-live="${name}"]`);
    if (!part || part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
    part.innerHTML = html;
    localizeTimes(part);
    const revealed = document.querySelector("[data-action=reveal][aria-pressed=true]");
    if (revealed) for (const secret of part.querySelectorAll("[data-secret]")) secret.textContent = secret.dataset.secret;
  }
});

// After a navigation that kept the element, a stream that had asked for it is opened again.
addEventListener("load", () => Blazor.addEventListener("enhancedload", () => {
  for (const source of document.querySelectorAll("live-source")) if (!source.events) source.open();
  localizeTimes();
}));

/* Times in the reader's own zone. */
function localizeTimes(within = document) {
  for (const time of within.querySelectorAll("time[data-local]"))
    time.textContent = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
localizeTimes();

/* The value under the pointer. */
customElements.define("live-chart", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointermove", event => this.point(event));
    this.addEventListener("pointerleave", () => this.clear());
  }

  clear() { this.querySelectorAll(".chart-tip, .chart-cursor").forEach(element => element.remove()); }

  point(event) {
    const frame = this.querySelector(".chart-frame");
    const points = (this.dataset.points ?? "").split(" ").filter(Boolean).map(point => point.split(","));
    this.clear();
    if (points.length < 2) return;
    const box = frame.getBoundingClientRect();
    const first = Number(points[0][0]);
    const span = Number(points.at(-1)[0]) - first || 1;
    const wanted = first + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * span;
    const near = points.reduce((best, point) => Math.abs(point[0] - wanted) < Math.abs(best[0] - wanted) ? point : best);
    const left = (near[0] - first) / span * box.width;
    const cursor = Object.assign(document.createElement("div"), { className: "chart-cursor" });
    const tip = Object.assign(document.createElement("div"), {
      className: "chart-tip",
      textContent: `${near[2] ?? near[1]} at ${new Date(near[0] * 1000).toLocaleTimeString()}`,
    });
    cursor.style.left = `${left}px`;
    tip.style.left = `${Math.min(box.width - 60, Math.max(60, left))}px`;
    frame.append(cursor, tip);
  }
});

/* The command menu: pages and actions are there already, instances are fetched when it opens. */
async function openPalette() {
  const palette = document.getElementById("palette");
  if (!palette || palette.open) return;
  const input = palette.querySelector("input");
  palette.showModal();
  input.value = "";
  filter(palette);
  if (!palette.dataset.ready) {
    palette.dataset.ready = "1";
    input.addEventListener("input", () => filter(palette));
    input.addEventListener("keydown", event => move(palette, event));
    palette.addEventListener("click", event => { if (event.target === palette || event.target.closest("a")) palette.close(); });
  }
  const answer = await fetch("/palette", { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  palette.querySelectorAll("[data-instance]").forEach(item => item.remove());
  palette.querySelector("ul").insertAdjacentHTML("beforeend", await answer.text());
  filter(palette);
}

function filter(palette) {
  const words = palette.querySelector("input").value.toLowerCase().split(/\s+/);
  const items = [...palette.querySelectorAll("li")];
  for (const item of items) item.hidden = !words.every(word => item.textContent.toLowerCase().includes(word));
  select(items, items.findIndex(item => !item.hidden));
  palette.querySelector(".none").hidden = items.some(item => !item.hidden);
}

function select(items, index) {
  items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  items[index]?.scrollIntoView({ block: "nearest" });
}

function move(palette, event) {
  const items = [...palette.querySelectorAll("li:not([hidden])")];
  const at = items.findIndex(item => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(items, (at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    items[at]?.querySelector("a").click();
  }
}
