// Today's set: what it asks for, and the steps there are, those not yet earned with the reason.

import { put, say } from "./svg.js";
import { fill, word, words } from "./words.js";

export class Choices {
  constructor(view) {
    this.headline = view.querySelector("h1");
    this.lead = view.querySelector(".lead");
    this.cards = [...view.querySelectorAll("[data-variation]")];
  }

  draw({ member, plan, offer, guestOffer, control }) {
    const { plans = {}, locked = {}, advice = null } = offer ?? guestOffer ?? {};
    const name = member?.name ?? "";
    say(this.headline, name ? fill(words.choose.hello, { name }) : words.choose.headline);
    say(this.lead, leadOf(plan, advice));
    for (const card of this.cards) {
      const { variation } = card.dataset;
      const chosen = plan.variation === variation;
      const own = chosen ? plan : plans[variation];
      put(card, "aria-pressed", chosen);
      put(card, "aria-disabled", !own || !control);
      say(card.querySelector(".choice-plan"), own ? planOf(own) : word("locked", locked[variation]));
      put(card.querySelector("use"), "href", chosen ? "#mark-tick" : own ? "" : "#mark-lock");
    }
  }
}

// How many sets of how many lifts, and how long each is held.
function planOf({ sets, reps, hold_s: hold, ankle_weight_kg: weight }) {
  const short = fill(words.choose.plan, { sets, reps, hold });
  return weight ? `${short}, ${fill(words.choose.weight, { weight })}` : short;
}

function leadOf({ lift_s: lift, hold_s: hold, lower_s: lower }, advice) {
  const tempo = fill(words.choose.tempo, { lift, hold, lower });
  const why = advice ? words.because[advice.reason] : "";
  return why ? `${why} ${tempo}` : tempo;
}
