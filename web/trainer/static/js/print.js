// The button that prints, and plots that fit the paper.

document.getElementById("print").addEventListener("click", () => window.print());
for (const kind of ["beforeprint", "afterprint"]) {
  window.addEventListener(kind, () => {
    for (const chart of Object.values(Chart.instances)) chart.resize();
  });
}
