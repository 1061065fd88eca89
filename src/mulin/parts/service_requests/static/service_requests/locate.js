/* "带上我现在的位置": asked for only when pressed, taken back by a second press. Without it the form is whole. */
(function () {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate]");
    if (!button) return;
    const block = button.closest("[data-locate-block]");
    if (block.querySelector("[data-locate-longitude]").value) return put(block, "", "", "removed");
    if (!navigator.geolocation) return say(block, "failed");
    say(block, "asking");
    navigator.geolocation.getCurrentPosition(
      (found) => put(block, found.coords.longitude.toFixed(5), found.coords.latitude.toFixed(5), "found"),
      () => say(block, "failed"),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });

  function put(block, longitude, latitude, words) {
    block.querySelector("[data-locate-longitude]").value = longitude;
    block.querySelector("[data-locate-latitude]").value = latitude;
    say(block, words);
  }

  function say(block, name) {
    block.querySelector("[data-locate-state]").textContent = block.querySelector(`[data-locate-text="${name}"]`).content.textContent.trim();
  }
})();
