// What is looked at, kept in the address's fragment, so that a view can be shared and the browser's back works.

const years = { from: 0, to: 0 };
const DEFAULTS = {
  view: "papers", chosen: "", other: "", tab: "papers", hidden: "", roles: "", least: 1, sure: 0, from: 0, to: 0,
  venue: "", community: "", weight: 0, only: "", theme: "", walk: "",
};
const defaults = { ...DEFAULTS };
const state = { ...DEFAULTS };
const TABS = { papers: "Papers", concepts: "Concepts", communities: "Groups", gaps: "Gaps", time: "Time" };
const NUMBERS = ["least", "sure", "from", "to", "weight"];
let render = () => {};

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(DEFAULTS)) {
    const value = given.get(name);
    if (value === null) state[name] = defaults[name];
    else state[name] = NUMBERS.includes(name) ? Number(value) || 0 : value;
  }
  if (!["papers", "concepts", "both"].includes(state.view)) state.view = "papers";
  if (!Object.hasOwn(TABS, state.tab)) state.tab = "papers";
}

function fragment(changes = {}) {
  const whole = { ...state, ...changes };
  const given = new URLSearchParams();
  for (const name of Object.keys(DEFAULTS)) {
    if (String(whole[name]) !== String(defaults[name])) given.set(name, whole[name]);
  }
  return `#${given}`;
}

// Go to a changed state; `quietly` leaves no step for the browser's back.
function go(changes, quietly = false) {
  const there = fragment(changes);
  Object.assign(state, changes);
  if (quietly) history.replaceState(null, "", there);
  else if (there !== (location.hash || "#")) history.pushState(null, "", there);
  render();
}

const chosenLink = (key, changes = {}) => fragment({ chosen: addressOf(key), other: "", walk: "", ...changes });

addEventListener("popstate", () => { readState(); render(); });
addEventListener("hashchange", () => { readState(); render(); });
