// The page's colours for charts, which draw on a canvas and so know no style sheet.

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"), ink2: of("--ink-2"), line: of("--line"), bg: of("--bg"),
    accent: of("--accent"), warn: of("--warn"), unsure: of("--unsure"),
  };
}

// A plugin that shades spans of the x axis: `spans()` gives `{from, to, colour}` in its unit.
export function shade(spans) {
  return {
    id: "shade",
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      for (const { from, to, colour } of spans()) {
        const left = Math.max(scales.x.getPixelForValue(from), chartArea.left);
        const right = Math.min(scales.x.getPixelForValue(to), chartArea.right);
        ctx.fillStyle = colour ?? "rgba(180, 193, 202, 0.13)";
        ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
      }
      ctx.restore();
    },
  };
}
