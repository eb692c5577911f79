#!/bin/bash
# tests/Stripe.Double/Http/enums.sh PATH/TO/Stripe.net.xml > enums.txt
# The values that the SDK's documentation allows for each string option: "One of: <c>a</c>, or <c>b</c>." The SDK itself has them as text only.
set -euo pipefail
awk '
  /<member name="P:Stripe\./ {
    name = $0; sub(/.*name="P:Stripe\./, "", name); sub(/".*/, "", name); text = ""
    served = name ~ /^(Checkout\.|BillingPortal\.|Billing\.Meter|TestHelpers\.TestClock)?[A-Za-z0-9]*Options\./ &&
      name ~ /^(Checkout\.Session|BillingPortal\.|Billing\.Meter|Customer|Product|Price|Coupon|PromotionCode|Subscription|Invoice|CreditNote|Refund|Charge|Dispute|PaymentIntent(Create|Update|Confirm|Cancel|List)|SetupIntent(Create|List)|PaymentMethod(Create|List|Attach)|Transfer|Payout|TaxRate|WebhookEndpoint|Event|Account(Create|Update|Link|Settings|Controller))/
  }
  # Names of events hold full stops; EventTypes has them.
  /EnabledEvents/ { served = 0 }
  served { text = text " " $0 }
  /<\/member>/ && served && text ~ /One of:/ {
    sub(/.*One of:/, "", text); sub(/\..*/, "", text)
    values = ""
    while (match(text, /<c>[^<]*<\/c>/)) { values = values " " substr(text, RSTART + 3, RLENGTH - 7); text = substr(text, RSTART + RLENGTH) }
    print name values
    served = 0
  }' "$1" | LC_ALL=C sort
