"use strict";
// A page says that it is no longer all there is. Whoever reads it decides when to look: nothing is moved
// under their eyes, and without this script the page stays as it is.
const place = document.querySelector("[data-news]");
if (place !== null && "EventSource" in window) {
  const source = new EventSource(place.dataset.news);
  source.addEventListener("changed", (event) => {
    source.close();
    const said = document.getElementById("news").content.cloneNode(true);
    said.querySelector("[data-said]").textContent = event.data;
    place.append(said);
  });
}
