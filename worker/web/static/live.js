// Keeps the overview current: it is fetched every few seconds, and what has changed is replaced. Nothing is replaced under
// somebody who is using it with the keyboard, has selected text, or has another tab open.
"use strict";
const SECONDS = 4;

function inUse(part) {
  return part.querySelector(":focus-visible") !== null || !getSelection().isCollapsed;
}

function replace(selector, page) {
  const [old, made] = [document.querySelector(selector), page.querySelector(selector)];
  if (old && made && old.outerHTML !== made.outerHTML) old.replaceWith(made);
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!inUse(document.querySelector("main"))) replace("main", page);
  replace(".state", page);
  document.querySelector("#outdated").hidden = true;
}

async function run() {
  await refresh().catch(() => { document.querySelector("#outdated").hidden = false; });
  setTimeout(run, SECONDS * 1000);
}

setTimeout(run, SECONDS * 1000);
