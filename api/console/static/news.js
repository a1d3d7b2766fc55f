/* Says in the header that there is something new; whoever reads decides when to load it. */
(() => {
  "use strict";

  const POLL_MS = 30000;
  const NEWS_AFTER_MS = 3600000; /* results are by the hour: sooner there is nothing new */
  const link = document.getElementById("news");
  const drawnAt = Date.parse(link.dataset.drawnAt);

  async function look() {
    try {
      const answer = await fetch("/api/v1/health", { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { now } = await answer.json();
      if (Date.parse(now) - drawnAt > NEWS_AFTER_MS) {
        link.hidden = false;
        clearInterval(timer);
      }
    } catch {
      /* The system does not answer at this moment; the next look may find it again. */
    }
  }

  const timer = setInterval(look, POLL_MS);
})();
