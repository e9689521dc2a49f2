// Passkeys: a form that says so asks the node what is to be signed, the browser to sign it, and sends what came of it.
const decoded = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list || []).map((one) => ({ ...one, id: decoded(one.id) }));

async function signed(kind, options) {
  const publicKey = { ...options, challenge: decoded(options.challenge) };
  if (kind === "create") {
    publicKey.user = { ...options.user, id: decoded(options.user.id) };
    publicKey.excludeCredentials = named(options.excludeCredentials);
  } else {
    publicKey.allowCredentials = named(options.allowCredentials);
  }
  const made = await navigator.credentials[kind]({ publicKey });
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = encoded(made.response[part]);
  }
  return JSON.stringify({ id: made.id, rawId: encoded(made.rawId), type: made.type, response });
}

async function ask(form) {
  const kind = form.dataset.passkey;
  const body = kind === "create" ? new URLSearchParams(new FormData(form)) : undefined;
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const options = await answer.json();
  if (!answer.ok) throw new Error(options.error);
  try {
    form.elements.credential.value = await signed(kind, options);
  } catch {
    throw new Error(form.dataset.failed);
  }
  const own = form.dataset.own && document.querySelector(`input[type=checkbox][name=${form.dataset.own}]`);
  if (own) form.elements[form.dataset.own].value = own.checked ? "1" : "";
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-passkey-said]");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      said.hidden = true;
      ask(form).catch((error) => {
        said.textContent = error instanceof SyntaxError || error instanceof TypeError ? form.dataset.failed : error.message;
        said.hidden = false;
      });
    });
  }
  for (const one of document.querySelectorAll("[data-passkey-without]")) one.hidden = true;
}
