// The outline of a prone body seen from above, head up, drawn around the mat's own rows of strips.
// Millimetres: x to the member's right, y towards the head. A hint for the eye, not a measurement.

const BESIDE = { shoulder: 205, chest: 172, waist: 140, hip: 182, elbow: 265 };

function rowY(sensors, row, otherwise) {
  const ys = sensors
    .filter((sensor) => sensor.name === row || sensor.name.startsWith(`${row}_`))
    .flatMap((sensor) => sensor.bars_mm.map((bar) => bar[1]));
  return ys.length ? ys.reduce((sum, y) => sum + y, 0) / ys.length : otherwise;
}

// Returns {torso, head, arms, left, right}: path data, given `at(x, y)` -> "px py".
export function bodyPaths(sensors, at) {
  const hip = rowY(sensors, "asis", 0);
  const waist = rowY(sensors, "abdomen", hip + 115) + 40;
  const chest = rowY(sensors, "chest", hip + 300) + 30;
  const head = rowY(sensors, "head", hip + 660) - 50;
  const thigh = rowY(sensors, "thigh", hip - 255);
  const knee = rowY(sensors, "knee", hip - 450);
  const foot = rowY(sensors, "foot", hip - 935) - 30;
  const shoulder = chest + 110;
  const crotch = hip - 150;
  const { shoulder: sx, chest: cx, waist: wx, hip: hx, elbow: ex } = BESIDE;

  const torso = [
    `M${at(-62, shoulder + 70)}`,
    `C${at(-120, shoulder + 50)} ${at(-sx, shoulder + 50)} ${at(-sx, shoulder - 20)}`,
    `C${at(-sx, chest - 60)} ${at(-cx + 10, chest - 80)} ${at(-wx, waist)}`,
    `C${at(-wx, hip + 90)} ${at(-hx, hip + 60)} ${at(-hx, hip - 40)}`,
    `L${at(-hx + 8, crotch + 30)} L${at(0, crotch)} L${at(hx - 8, crotch + 30)} L${at(hx, hip - 40)}`,
    `C${at(hx, hip + 60)} ${at(wx, hip + 90)} ${at(wx, waist)}`,
    `C${at(cx - 10, chest - 80)} ${at(sx, chest - 60)} ${at(sx, shoulder - 20)}`,
    `C${at(sx, shoulder + 50)} ${at(120, shoulder + 50)} ${at(62, shoulder + 70)} Z`,
  ].join("");

  const leg = (s) =>
    [
      `M${at(s * (hx - 4), hip - 60)}`,
      `C${at(s * (hx + 2), thigh)} ${at(s * 160, knee + 80)} ${at(s * 152, knee)}`,
      `C${at(s * 160, knee - 120)} ${at(s * 150, foot + 220)} ${at(s * 138, foot + 70)}`,
      `L${at(s * 146, foot - 60)} C${at(s * 142, foot - 95)} ${at(s * 98, foot - 95)}`,
      ` ${at(s * 94, foot - 60)} L${at(s * 88, foot + 70)}`,
      `C${at(s * 70, foot + 240)} ${at(s * 62, knee - 120)} ${at(s * 66, knee)}`,
      `C${at(s * 58, knee + 90)} ${at(s * 14, thigh - 20)} ${at(s * 7, crotch)}`,
      `C${at(s * 2, hip - 40)} ${at(s * 40, hip + 12)} ${at(s * 92, hip + 10)}`,
      `C${at(s * 150, hip + 8)} ${at(s * (hx - 6), hip - 20)} ${at(s * (hx - 4), hip - 60)} Z`,
    ].join("");

  const arm = (s) =>
    `M${at(s * (sx - 40), shoulder)} L${at(s * ex, head - 70)} L${at(s * 70, head + 55)}`;

  return {
    torso,
    left: leg(-1),
    right: leg(1),
    arms: arm(-1) + arm(1),
    head: { x: 0, y: head, rx: 84, ry: 112 },
    hip,
  };
}
