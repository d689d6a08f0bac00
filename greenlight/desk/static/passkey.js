"use strict";
// A form that needs a passkey is sent once the browser has the answer of whoever holds it. The request comes
// from the page, which was made from what is signed; nothing is decided here.
for (const form of document.querySelectorAll("form[data-asks]")) {
  const button = form.querySelector("button");
  const told = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    told.textContent = "Your browser asks for your passkey.";
    try {
      const asks = JSON.parse(form.dataset.asks);
      const credential = form.dataset.step === "create"
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asks),
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asks),
          });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      told.textContent = `Nothing was signed: ${error.message || error.name}`;
      button.disabled = false;
    }
  });
}
