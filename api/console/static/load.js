/* The charts of the chosen building: a year of days, and a window of hours. Figures come from the API. */
(() => {
  "use strict";

  const root = document.getElementById("load-charts");
  if (!root || !window.echarts) return;

  const words = JSON.parse(document.getElementById("chart-words").textContent);
  const { building, site, zone, from: firstDay, until: untilDay, locale } = root.dataset;
  const LOAD = [
    "electricity_import_kwh",
    "electricity_expected_kwh",
    "electricity_expected_low_kwh",
    "electricity_expected_high_kwh",
  ];
  const DAY_MS = 86400000;

  /* --- time: the charts' axes run on the site's wall clock, written as if it were UTC --- */

  const wallParts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric",
  });
  const wall = (iso) => {
    const p = Object.fromEntries(wallParts.formatToParts(new Date(iso)).map((x) => [x.type, +x.value]));
    return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute);
  };
  const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);
  const addDays = (day, n) => dayOf(Date.parse(day) + n * DAY_MS);
  const clamp = (day, low, high) => (day < low ? low : day > high ? high : day);

  /* --- data --- */

  async function read(subject, measures, grain, from, until) {
    const query = new URLSearchParams({ subject, grain, from, until });
    measures.forEach((m) => query.append("measure", m));
    const answer = await fetch(`/api/v1/consumption?${query}`, { headers: { Accept: "application/json" } });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return Object.fromEntries(
      body.series.map((s) => [s.measure, s.intervals.map((i) => [wall(i.start), i.value])]),
    );
  }

  async function readAll(grain, from, until) {
    const [load, weather] = await Promise.all([
      read(building, LOAD, grain, from, until),
      read(site, ["outdoor_temperature_c"], grain, from, until),
    ]);
    const high = new Map(load.electricity_expected_high_kwh);
    const low = new Map(load.electricity_expected_low_kwh);
    const actual = load.electricity_import_kwh;
    return {
      actual,
      expected: load.electricity_expected_kwh,
      /* A value or a null at every instant: over a missing one the band would be drawn across. */
      low: actual.map(([t]) => [t, low.get(t) ?? null]),
      width: actual.map(([t]) => [t, low.get(t) == null || high.get(t) == null ? null : high.get(t) - low.get(t)]),
      excess: actual.filter(([t, v]) => v !== null && high.get(t) != null && v > high.get(t)),
      temperature: weather.outdoor_temperature_c,
    };
  }

  /* --- drawing --- */

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figure = (value, unit) =>
    value == null ? "–" : `${value.toLocaleString(locale, { maximumFractionDigits: 1 })} ${unit}`;

  function tip(grain) {
    const when = new Intl.DateTimeFormat(locale, {
      timeZone: "UTC", weekday: "short", year: "numeric", month: "short", day: "numeric",
      ...(grain === "hour" ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : {}),
    });
    return (points) => {
      const at = Object.fromEntries(points.map((p) => [p.seriesId, p.value[1]]));
      const box = document.createElement("div");
      box.className = "chart-tip";
      const line = (label, value) => {
        const row = document.createElement("span");
        row.append(Object.assign(document.createElement("i"), { textContent: label }), value);
        box.append(row);
      };
      box.append(Object.assign(document.createElement("b"), { textContent: when.format(points[0].value[0]) }));
      line(words.actual, figure(at.actual, "kWh"));
      if (at.expected != null) line(words.expected, figure(at.expected, "kWh"));
      if (at.low != null && at.width != null) {
        line(words.band, `${figure(at.low, "")}– ${figure(at.low + at.width, "kWh")}`);
      }
      if (at.temperature != null) line(words.temperature, figure(at.temperature, ""));
      return box;
    };
  }

  function option(data, grain) {
    const ink = colour("--muted");
    const rule = colour("--line");
    const empty = !data.actual.some(([, v]) => v !== null);
    const axis = { axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink, fontSize: 12 } };
    const line = { type: "line", showSymbol: false, connectNulls: false, silent: true };
    /* A year of days on a phone: a wide line would cover the band. */
    const width = grain === "day" && root.clientWidth < 600 ? 0.8 : 1.6;
    const edge = { color: colour("--chart-band-edge"), width: 1 };
    const band = { ...line, stack: "band", lineStyle: edge, emphasis: { disabled: true } };
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
      title: empty
        ? { text: words.empty, left: "center", top: "middle", textStyle: { color: ink, fontSize: 14, fontWeight: 400 } }
        : undefined,
      tooltip: {
        trigger: "axis", confine: true, backgroundColor: colour("--surface"), borderColor: colour("--line-strong"),
        textStyle: { color: colour("--ink") }, formatter: tip(grain),
        axisPointer: { type: "line", lineStyle: { color: colour("--line-strong") } },
      },
      xAxis: { type: "time", ...axis, axisLine: { show: true, lineStyle: { color: colour("--line-strong") } },
        axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: timeLabel } },
      yAxis: [
        { type: "value", ...axis, min: 0, splitLine: { lineStyle: { color: rule } } },
        { type: "value", ...axis, splitLine: { show: false }, scale: true,
          axisLabel: { ...axis.axisLabel, color: colour("--chart-temperature"), formatter: "{value}°" } },
      ],
      series: [
        { ...band, id: "low", data: data.low },
        { ...band, id: "width", data: data.width, areaStyle: { color: colour("--chart-band") } },
        { ...line, id: "temperature", yAxisIndex: 1, data: data.temperature, z: 1,
          lineStyle: { color: colour("--chart-temperature"), width: 1, type: "dotted" } },
        { ...line, id: "expected", data: data.expected, lineStyle: { width: 0 } },
        { ...line, id: "actual", data: data.actual, z: 4, lineStyle: { color: colour("--chart-actual"), width } },
        { id: "excess", type: "scatter", data: data.excess, symbol: "triangle", symbolSize: grain === "day" ? 8 : 7,
          z: 5, silent: true, itemStyle: { color: colour("--chart-excess") } },
      ],
    };
  }

  const monthName = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "short" });
  const dayName = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "numeric", day: "numeric" });
  function timeLabel(ms) {
    const at = new Date(ms);
    if (at.getUTCHours() !== 0) return `${String(at.getUTCHours()).padStart(2, "0")}:00`;
    return at.getUTCDate() === 1 ? monthName.format(at) : dayName.format(at);
  }

  const problem = document.getElementById("chart-problem");
  const charts = { day: null, hour: null };
  const shown = { day: null, hour: null };

  function draw(grain) {
    const box = document.getElementById(`chart-${grain}`);
    charts[grain] ??= window.echarts.init(box, null, { renderer: "canvas" });
    charts[grain].setOption(option(shown[grain], grain), { notMerge: true });
    return charts[grain];
  }

  async function show(grain, from, until) {
    try {
      shown[grain] = await readAll(grain, from, until);
      problem.hidden = true;
      draw(grain);
    } catch (error) {
      problem.textContent = words.failed + error.message;
      problem.hidden = false;
    }
  }

  /* --- the window of hours --- */

  const start = document.getElementById("window-from");
  const length = document.getElementById("window-days");
  const days = () => Number(length.value);

  function showWindow(day) {
    const last = addDays(untilDay, -days());
    start.value = clamp(day || firstDay, firstDay, last < firstDay ? firstDay : last);
    const until = addDays(start.value, days());
    return show("hour", start.value, until > untilDay ? untilDay : until);
  }

  document.getElementById("earlier").addEventListener("click", () => showWindow(addDays(start.value, -days())));
  document.getElementById("later").addEventListener("click", () => showWindow(addDays(start.value, days())));
  start.addEventListener("change", () => showWindow(start.value));
  length.addEventListener("change", () => showWindow(start.value));

  /* Where the year has days above the band, the window opens at the highest of them. */
  function mostTelling(data) {
    const high = new Map(data.low.map(([t, v], i) => [t, v + (data.width[i][1] ?? 0)]));
    const worst = data.excess.reduce((a, b) => (a && a[1] - high.get(a[0]) >= b[1] - high.get(b[0]) ? a : b), null);
    return worst ? dayOf(worst[0] - 6 * DAY_MS) : addDays(untilDay, -days());
  }

  async function begin() {
    await show("day", firstDay, untilDay);
    if (!shown.day) return;
    charts.day.getZr().on("click", (event) => {
      const [ms] = charts.day.convertFromPixel({ seriesId: "actual" }, [event.offsetX, event.offsetY]);
      showWindow(dayOf(ms - 6 * DAY_MS));
    });
    await showWindow(mostTelling(shown.day));
    root.dataset.drawn = "true";
  }

  const redraw = () => ["day", "hour"].forEach((grain) => shown[grain] && draw(grain));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new ResizeObserver(() => Object.values(charts).forEach((chart) => chart?.resize())).observe(root);
  begin();
})();
