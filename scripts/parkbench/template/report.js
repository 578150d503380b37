"use strict";
(function () {
  const figures = JSON.parse(document.getElementById("figures").textContent);
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

  async function bytesOf(element) {
    const text = element.textContent, packed = JSON.parse(text);
    if (packed.encoding !== "gzip+base64") return new Blob([text]);
    const data = Uint8Array.from(atob(packed.data), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
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
