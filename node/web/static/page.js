// A button that cannot reach the node shows what the browser says to that, instead of nothing. What is asked while
// somebody types is quiet: it never takes away what they wrote, and says nothing twice.
const quiet = (event) => event.detail.requestConfig.elt.matches("[data-quiet]");
const said = new WeakMap();
document.addEventListener("htmx:sendError", (event) => quiet(event) || location.reload());
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!quiet(event)) return;
  const { requestConfig, serverResponse, xhr } = event.detail;
  if (xhr.status !== 200 || said.get(requestConfig.elt) === serverResponse) event.detail.shouldSwap = false;
  else said.set(requestConfig.elt, serverResponse);
});
