// Asks the browser for a passkey. The form carries its answer to the server as any other field.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const made = async (asked) => {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials: described(asked.excludeCredentials) };
    const found = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = found.response;
    const transports = found.response.getTransports ? found.response.getTransports() : [];
    return { found, response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports } };
  };
  const signed = async (asked) => {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: described(asked.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
    if (userHandle) response.userHandle = text(userHandle);
    return { found, response };
  };

  const answer = async (form) => {
    const purpose = form.dataset.passkey;
    const body = new URLSearchParams({ deed: purpose, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const reply = await fetch(form.dataset.ask, { method: "POST", body, credentials: "same-origin" });
    if (reply.redirected || !reply.ok) throw new Error("not asked");
    const asked = await reply.json();
    const { found, response } = await (purpose === "make" ? made : signed)(asked);
    return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {} });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        form.elements.credential.value = await answer(form);
      } catch {
        failed.hidden = false;
        return;
      }
      form.submit();
    });
  }
})();
