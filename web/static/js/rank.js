// Which lift of a set was the best and which the weakest, by how still the pelvis stayed. Pure.

// Their places, or null: a best one came from the hip, a weakest one did not.
export function rankReps(reps) {
  return {
    best: extreme(reps, "glute", (moved, most) => moved < most),
    weakest: extreme(reps, "arch", (moved, most) => moved > most),
  };
}

function extreme(reps, verdict, further) {
  let place = null;
  reps.forEach((rep, index) => {
    if (rep.verdict !== verdict || !Number.isFinite(movedOf(rep))) return;
    if (place === null || further(movedOf(rep), movedOf(reps[place]))) place = index;
  });
  return place;
}

// Tip and roll of the pelvis together, in degrees.
function movedOf({ numbers }) {
  return Math.hypot(numbers?.tilt_deg ?? NaN, numbers?.rotation_deg ?? NaN);
}
