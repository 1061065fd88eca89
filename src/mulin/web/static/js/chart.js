/* Draws each chart card from the JSON beside its table. Colours come from the tokens; without this file the table remains. */
(function () {
  "use strict";

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const drawn = [];

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function tokens() {
    return {
      ink: token("ink"), ink2: token("ink-2"), line: token("line"), paper: token("paper"), brand: token("brand"),
      accent: token("accent"), hatch: token("hatch"), greys: [token("line-strong"), token("ink-2"), token("hatch")],
      size: parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.82, font: getComputedStyle(document.body).fontFamily,
    };
  }

  /* What nobody knows is hatched over the whole height: it is not zero. */
  function hatching(colours) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const pen = canvas.getContext("2d");
    pen.strokeStyle = colours.hatch;
    pen.lineWidth = 1.5;
    [-8, 0, 8].forEach((shift) => { pen.beginPath(); pen.moveTo(shift, 8); pen.lineTo(shift + 8, 0); pen.stroke(); });
    return { image: canvas, repeat: "repeat" };
  }

  function largest(chart) {
    return Math.max(1, ...chart.series.flatMap((series) => series.values.filter((value) => value !== null)));
  }

  function colourOf(chart, seriesIndex, colours) {
    if (seriesIndex > 0) return colours.greys[(seriesIndex - 1) % colours.greys.length];
    return chart.series[0].highlight.length ? colours.greys[0] : colours.brand;
  }

  function barSeries(chart, colours, across) {
    const shown = chart.series.map((series, index) => ({
      type: "bar",
      name: series.name,
      barMaxWidth: 36,
      barMinHeight: 1,
      itemStyle: { color: colourOf(chart, index, colours), borderRadius: across ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: { show: chart.series.length === 1, position: across ? "right" : "top", color: colours.ink, fontSize: colours.size },
      data: series.values.map((value, at) => (series.highlight.includes(at) ? { value, itemStyle: { color: colours.accent }, label: { color: colours.ink, fontWeight: 700 } } : value)),
    }));
    return shown.concat(unknownSeries(chart, colours, across));
  }

  function unknownSeries(chart, colours, across) {
    const isUnknown = chart.categories.map((_, at) => chart.series.some((series) => series.values[at] === null));
    if (!isUnknown.includes(true)) return [];
    return [{
      type: "bar",
      name: chart.unknown,
      barMaxWidth: 36,
      barGap: "-100%",
      silent: true,
      itemStyle: { color: hatching(colours), borderColor: colours.hatch, borderType: "dashed" },
      label: { show: true, position: across ? "right" : "top", formatter: chart.unknown, color: colours.ink2, fontSize: colours.size },
      data: isUnknown.map((unknown) => (unknown ? largest(chart) : null)),
    }];
  }

  function lineSeries(chart, colours) {
    return chart.series.map((series, index) => ({
      type: "line",
      name: series.name,
      symbolSize: 7,
      connectNulls: false, // a gap stays a gap
      lineStyle: { width: index === 0 ? 3 : 1.8, color: index === 0 ? colours.brand : colours.greys[index - 1] },
      itemStyle: { color: index === 0 ? colours.brand : colours.greys[index - 1] },
      labelLayout: { moveOverlap: "shiftY" },
      endLabel: { show: true, formatter: chart.series.length > 1 ? "{a}" : "{c}", color: colours.ink, fontSize: colours.size },
      data: series.values.map((value, at) => (series.highlight.includes(at) ? { value, symbolSize: 12, itemStyle: { color: colours.accent } } : value)),
    })).concat(unknownSeries(chart, colours, false));
  }

  function pieSeries(chart, colours) {
    const palette = [colours.brand, ...colours.greys];
    const series = chart.series[0];
    return [{
      type: "pie",
      radius: ["36%", "60%"],
      label: { alignTo: "edge", edgeDistance: 4, color: colours.ink, fontSize: colours.size, formatter: "{b}\n{c}" },
      itemStyle: { borderColor: colours.paper, borderWidth: 2 },
      data: chart.categories.map((name, at) => ({
        name,
        value: series.values[at],
        itemStyle: { color: series.highlight.includes(at) ? colours.accent : palette[at % palette.length] },
      })),
    }];
  }

  function axes(chart, colours, across, widthPx) {
    const text = { color: colours.ink2, fontSize: colours.size, fontFamily: colours.font };
    const categories = { type: "category", data: chart.categories, inverse: across, axisLabel: { ...text, ...fitting(chart, across, widthPx) }, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false } };
    const values = { type: "value", scale: chart.kind === "line", splitNumber: 3, axisLabel: { ...text, show: chart.kind === "line" }, splitLine: { show: chart.kind === "line", lineStyle: { color: colours.line } } };
    return across ? { xAxis: values, yAxis: categories } : { xAxis: categories, yAxis: values };
  }

  // Few names are all written, broken over lines if need be; many names are thinned out.
  function fitting(chart, across, widthPx) {
    if (across) return { interval: 0, width: widthPx * 0.34, overflow: "break" };
    if (chart.categories.length > 8) return { hideOverlap: true };
    return { interval: 0, width: (widthPx - 60) / chart.categories.length - 6, overflow: "break" };
  }

  function option(chart, widthPx) {
    const colours = tokens();
    if (chart.kind === "pie" && widthPx < colours.size * 34) return option({ ...chart, kind: "bar-across" }, widthPx);
    const across = chart.kind === "bar-across";
    const common = {
      animationDuration: calm.matches ? 0 : 150,
      textStyle: { fontFamily: colours.font },
      tooltip: { trigger: chart.kind === "pie" ? "item" : "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" }, backgroundColor: colours.paper, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: colours.size } },
    };
    if (chart.kind === "pie") return { ...common, series: pieSeries(chart, colours) };
    return {
      ...common,
      ...axes(chart, colours, across, widthPx),
      grid: { left: 4, right: chart.kind === "line" ? 72 : 36, top: chart.series.length > 1 ? 34 : 24, bottom: 4, containLabel: true },
      legend: chart.series.length > 1 && chart.kind !== "line" ? { top: 0, left: 0, textStyle: { color: colours.ink2, fontSize: colours.size } } : undefined,
      series: chart.kind === "line" ? lineSeries(chart, colours) : barSeries(chart, colours, across),
    };
  }

  function draw(card) {
    const place = card.querySelector("[data-chart-place]");
    const chart = JSON.parse(card.querySelector("script[data-chart]").textContent);
    place.hidden = false;
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", chart.title);
    const picture = window.echarts.init(place, null, { renderer: "canvas" });
    picture.setOption(option(chart, place.clientWidth));
    card.querySelector("[data-chart-table]").open = false;
    drawn.push({ picture, chart });
  }

  function prepare(within) {
    within.querySelectorAll("[data-chart-card]").forEach((card) => {
      if (!card.dataset.drawn && window.echarts) { card.dataset.drawn = "1"; draw(card); }
    });
  }

  function redraw() {
    drawn.forEach(({ picture, chart }) => {
      picture.resize();
      picture.setOption(option(chart, picture.getWidth()), true);
    });
  }

  dark.addEventListener("change", redraw);
  window.addEventListener("resize", redraw);
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
  prepare(document);
})();
