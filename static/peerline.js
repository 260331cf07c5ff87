// What a script makes nicer; every page works without it. No library: see docs/decisions/0112-no-framework-in-the-browser.md.
"use strict";

// A part of the page that is fetched anew every few seconds (the {% poll %} component). It stays still while somebody is
// in it, while the page is hidden, and when the server does not answer.
const playing = (part) => [...part.querySelectorAll("audio")].some((audio) => !audio.paused);
function poll(part) {
  const pause = Math.max(2, Number(part.dataset.seconds) || 5) * 1000;
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement) || playing(part)) return;
    try {
      const answer = await fetch(part.dataset.poll, { headers: { "X-Peerline-Part": "1" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = await answer.text();
      if (fresh !== part.dataset.seen) { part.innerHTML = fresh; part.dataset.seen = fresh; }
    } catch { /* no network for a moment: the next round tries again */ }
  }, pause);
}
for (const part of document.querySelectorAll("[data-poll]")) poll(part);

// One press, one request: a second press within a second and a half does nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  let last = 0;
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - last < 1500 && last) event.preventDefault();
    else last = event.timeStamp;
  });
}

// A passkey that the browser refuses (another finger, canceled, an address of numbers) is told where it was asked for.
document.addEventListener("allauth.error", () => {
  for (const words of document.querySelectorAll("[data-passkey-problem]")) words.hidden = false;
});

// Where a browser does not follow `autofocus` on a part of the page, a form's problems are brought into view here.
const problems = document.querySelector(".govuk-error-summary");
if (problems && document.activeElement !== problems) problems.focus();
