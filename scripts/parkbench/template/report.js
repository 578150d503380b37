"use strict";
// Fulfilled once everything is drawn.
const drawn = (async function () {
  // What packed_text of page.py has packed: in each five letters four bytes, the last group cut short.
  function bytesIn(letters) {
    const digits = new Uint8Array(128), cut = (5 - letters.length % 5) % 5;
    [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~"].forEach((letter, digit) => {
      digits[letter.charCodeAt(0)] = digit;
    });
    const whole = letters + "~".repeat(cut), view = new DataView(new ArrayBuffer(whole.length / 5 * 4));
    for (let from = 0, to = 0; from < whole.length; to += 4) {
      let word = 0;
      for (const end = from + 5; from < end; ++from) word = word * 85 + digits[whole.charCodeAt(from)];
      view.setUint32(to, word);
    }
    return new Uint8Array(view.buffer, 0, view.byteLength - cut);
  }

  async function bytesOf(element) {
    const text = element.textContent;
    if (!text.startsWith('{"encoding":"gzip+base85",')) return new Blob([text]);
    const packed = new Blob([bytesIn(JSON.parse(text).data)]);
    return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
  }

  const textOf = async (element) => (await bytesOf(element)).text();

  // Where plotly.js is packed, so are the figures; else there is nothing to wait for.
  const library = document.getElementById("plotly"), told = document.getElementById("figures");
  if (library) document.head.append(Object.assign(document.createElement("script"), { textContent: await textOf(library) }));
  const figures = JSON.parse(library ? await textOf(told) : told.textContent);
  const hidden = new Set();
  const paper = { width: 640, inUse: false, opened: [] }; // fits A4 and Letter with the usual margins
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");

  // Colours are CSS variables in the data, so that light and dark share one figure.
  function coloured(value, css) {
    if (typeof value === "string" && value.startsWith("var(")) return css.getPropertyValue(value.slice(4, -1)).trim();
    if (Array.isArray(value)) return value.map((item) => coloured(item, css));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, css)]));
    }
    return value;
  }

  function axis(given, css) {
    return Object.assign({
      gridcolor: css.getPropertyValue("--rule").trim(), linecolor: css.getPropertyValue("--muted").trim(),
      zeroline: false, fixedrange: true, automargin: true, ticks: "", tickfont: { size: 12 },
    }, given, { title: Object.assign({ font: { size: 12 }, standoff: 8 }, given.title) });
  }

  function layout(figure, css) {
    const given = coloured(figure.layouts[figure.chosen], css);
    return Object.assign({
      height: 300, margin: { l: 12, r: 14, t: 24, b: 36 }, showlegend: false, hovermode: "closest",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: css.getPropertyValue("--ink").trim() },
      hoverlabel: { font: { size: 12 } },
    }, paper.inUse ? { width: paper.width } : {}, given, { xaxis: axis(given.xaxis, css), yaxis: axis(given.yaxis, css) });
  }

  function draw(figure) {
    const css = getComputedStyle(document.documentElement);
    const traces = coloured(figure.choices[figure.chosen], css);
    for (const trace of traces) trace.visible = !hidden.has(trace.meta);
    Plotly.react(figure.id, traces, layout(figure, css), {
      responsive: true, displayModeBar: false,
    });
  }

  for (const select of document.querySelectorAll("select[data-chart]")) {
    const figure = figures.find((one) => one.id === select.dataset.chart);
    figure.chosen = Number(select.value);
    select.addEventListener("change", () => { figure.chosen = Number(select.value); draw(figure); });
  }
  for (const button of document.querySelectorAll("button[data-series]")) {
    button.addEventListener("click", () => {
      const name = button.dataset.series, shown = hidden.has(name);
      if (shown) hidden.delete(name); else hidden.add(name);
      for (const twin of document.querySelectorAll("button[data-series]")) {
        if (twin.dataset.series === name) twin.setAttribute("aria-pressed", String(shown));
      }
      figures.forEach(draw);
    });
  }
  for (const button of document.querySelectorAll("button[data-svg]")) {
    const id = button.dataset.svg;
    button.addEventListener("click", () => {
      const { width, height } = document.getElementById(id).getBoundingClientRect();
      Plotly.downloadImage(id, { format: "svg", filename: id, width, height });
    });
  }
  for (const link of document.querySelectorAll("a[data-download]")) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const away = document.createElement("a");
      away.href = URL.createObjectURL(await bytesOf(document.getElementById(link.dataset.download)));
      away.download = link.download;
      away.click();
      URL.revokeObjectURL(away.href);
    });
  }
  scheme.addEventListener("change", () => figures.forEach(draw));

  // On paper: light, as wide as the paper, and with all tables. The class is for the colours: no style of print is in force before the event is over.
  function onPaper(yes) {
    paper.inUse = yes;
    document.documentElement.classList.toggle("paper", yes);
    if (yes) paper.opened = [...document.querySelectorAll("details:not([open])")];
    for (const table of paper.opened) table.open = yes;
    figures.forEach(draw);
    if (!yes) for (const figure of figures) Plotly.relayout(figure.id, { autosize: true }); // as wide as its place again
  }
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
  figures.forEach(draw);
})();
drawn.catch((error) => {
  const old = typeof DecompressionStream === "undefined";
  document.querySelector("main").prepend(Object.assign(document.createElement("p"), {
    className: "caption",
    textContent: `The charts could not be drawn: ${old ? "this browser unpacks nothing; those since the middle of 2023 do" : error}. The tables hold all numbers.`,
  }));
  throw error;
});
