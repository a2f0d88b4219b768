// Stripe's own fields for the card, or the second factor of the payer's bank. The number never reaches us.
const form = document.getElementById("pay");
const stripe = window.Stripe(form.dataset.key, { locale: document.documentElement.lang });
const card = form.dataset.typed ? stripe.elements().create("card") : null;
if (card) card.mount("#card");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const wrong = document.getElementById("wrong");
  button.disabled = true;
  wrong.textContent = "";
  const answer = await stripe.confirmCardPayment(
    form.dataset.secret,
    card ? { payment_method: { card } } : undefined,
  );
  if (answer.error) {
    wrong.textContent = answer.error.message || form.dataset.failed;
    button.disabled = false;
  } else {
    window.location.assign(form.dataset.back);
  }
});
