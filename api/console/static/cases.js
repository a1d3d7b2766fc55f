/* Says that something happened to what is shown; whoever reads decides when to load it. */
(() => {
  "use strict";

  const place = document.querySelector("[data-events]");
  const link = document.getElementById("news");
  const events = new EventSource(place.dataset.events);

  events.addEventListener("step", () => {
    link.hidden = false;
    events.close(); /* once is enough: the page that is loaded next listens anew */
  });
  addEventListener("pagehide", () => events.close());
})();
