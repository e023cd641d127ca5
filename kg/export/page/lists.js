// The lists: papers, concepts, communities, gaps, years. They hold what the picture shows, for any reader.

const LONG_LIST = 200;
let listed = "";

function makeTabs() {
  for (const [name, label] of Object.entries(TABS)) {
    if (name === "time" && new Set(papers.year.filter(Boolean)).size < 2) continue;
    const tab = button(label, () => go({ tab: name }, true), { role: "tab", id: `tab-${name}`, "aria-controls": "list" });
    $("tabs").append(tab);
  }
  $("tabs").addEventListener("keydown", (event) => {
    const all = [...$("tabs").children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = all.indexOf(document.activeElement);
    if (!step || at < 0) return;
    const next = all[(at + step + all.length) % all.length];
    next.click();
    next.focus();
  });
}

function showLists() {
  for (const tab of $("tabs").children) {
    const on = tab.id === `tab-${state.tab}`;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  const key = JSON.stringify([state.tab, ...FILTERS.map((name) => state[name]), state.tab === "papers" || state.chosen]);
  if (key !== listed) $("list").replaceChildren(...LISTS[state.tab]());
  listed = key;
  $("list").setAttribute("aria-label", TABS[state.tab]);
  for (const line of $("list").querySelectorAll("a.row")) {
    if (line.dataset.key === chosenKey()) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

function paperRows() {
  const shown = papers.id.map((_, at) => at).filter(filter.paperOn).sort((a, b) => papers.size[b] - papers.size[a] || a - b);
  return [counted(shown.length, papers.id.length, "paper"), longList(shown, (at) => rowLink(`p${at}`, papers.year[at] ?? ""))];
}

function conceptRows() {
  const used = concepts.id.map((_, at) => at).filter((at) => concepts.edges[at].length);
  const shown = used.filter(filter.conceptOn).sort((a, b) => filter.counts[b] - filter.counts[a] || concepts.size[b] - concepts.size[a]);
  const note = counted(shown.length, used.length, "concept");
  if (state.least > 1) {
    note.append(` in ${state.least} papers or more. `, button("Show all", () => go({ least: 1 }), { class: "link" }));
  }
  return [note, longList(shown, (at) => rowLink(`c${at}`, filter.counts[at]))];
}

const counted = (n, all, one) => el("p", { class: "note" }, n === all ? plural(n, one) : `${grouped(n)} of ${plural(all, one)}`);

const rowLink = (key, count) => {
  const link = el("a", { class: "row", href: chosenLink(key), on: { click: (event) => follow(event, key) } },
    icon(typeOf(key)), el("span", {}, shortened(nameOf(key), 160)), el("small", {}, count));
  link.dataset.key = key;
  return link;
};

function follow(event, key) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(key, true);
}

function longList(rows, make) {
  const list = el("ol", {});
  let at = 0;
  const more = button("", () => fill());
  const fill = () => {
    for (const item of rows.slice(at, at + LONG_LIST)) list.append(el("li", {}, make(item)));
    at += LONG_LIST;
    more.textContent = `Show more (${grouped(rows.length - at)})`;
    more.hidden = at >= rows.length;
  };
  fill();
  return el("div", {}, list, more);
}

function communityRows() {
  return [
    el("p", { class: "note" }, "Papers that hang together, named by their most telling concepts. Choose one to see it alone."),
    el("ol", {}, ...start.communities.map((community, at) => {
      const on = state.community === String(at);
      return el("li", {}, button(`${community.name} (${community.papers})`, () => go({ community: on ? "" : String(at) }),
        { class: "row", "aria-pressed": String(on) }));
    })),
  ];
}
