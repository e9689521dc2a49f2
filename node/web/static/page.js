// A button that cannot reach the node shows what the browser says to that, instead of nothing.
document.addEventListener("htmx:sendError", () => location.reload());
