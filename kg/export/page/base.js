// Small helpers. Text from papers enters the document as text nodes alone.

const $ = (id) => document.getElementById(id);

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  set(element, attributes);
  const there = children.filter((child) => child !== null && child !== undefined && child !== "");
  element.append(...there.map((child) => (child instanceof Node ? child : visible(child))));
  return element;
}

// Text in which signs that can't be seen, and would act on what is around them, are written as their numbers.
let invisible = null;
function visible(text) {
  invisible ??= new RegExp(`[${start.invisible}]`, "gu"); // kg.text says which
  return String(text).replace(invisible, (c) => `[U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

const SHOWN = new Set(["title", "aria-label"]); // attributes that people read

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, does] of Object.entries(value)) element.addEventListener(event, does);
    else if (name === "type-colour") element.style.setProperty("--type", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, SHOWN.has(name) ? visible(value) : value);
    }
  }
}

const button = (text, does, attributes = {}) =>
  el("button", { type: "button", on: { click: does }, ...attributes }, text);

const grouped = ((format) => (n) => format.format(n))(new Intl.NumberFormat("en"));
const plural = (n, one, many = one + "s") => `${grouped(n)} ${n === 1 ? one : many}`;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function shortened(text, most) {
  const characters = [...text];
  return characters.length <= most ? text : characters.slice(0, most - 1).join("").trimEnd() + "…";
}

// What a title calls its paper: the part before a colon where that is short, else its beginning.
function shortTitle(title) {
  const head = title.split(/:\s/u)[0];
  return shortened(head.length < title.length && head.length <= 30 ? head : title, 38);
}

// An address that may be followed: of the web. Anything else is shown, not linked.
function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address.href : "";
  } catch {
    return "";
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { "aria-label": "Copied text" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function download(name, blob) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function later(does, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => does(...args), wait);
  };
}

const still = matchMedia("(prefers-reduced-motion: reduce)");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
