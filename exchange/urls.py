"""The addresses of the exchange."""

from django.urls import path

from exchange.views import (
    agreements,
    ask,
    calendars,
    catalogue,
    exchanges,
    follow_ups,
    listings,
    posting,
)

app_name = "exchange"
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/suggest/", catalogue.suggest_words, name="suggest"),
    path("catalogue/order/", catalogue.order, name="order"),
    path("catalogue/<int:pk>/ask/", ask.ask, name="ask"),
    path("exchanges/", exchanges.exchanges, name="exchanges"),
    path("exchanges/<int:pk>/", exchanges.exchange, name="exchange"),
    path("exchanges/<int:pk>/say/", exchanges.say, name="say"),
    path("exchanges/<int:pk>/decline/", exchanges.decline, name="decline"),
    path("exchanges/<int:pk>/withdraw/", exchanges.withdraw, name="withdraw"),
    path("exchanges/<int:pk>/others/", exchanges.others, name="others"),
    path("exchanges/<int:pk>/agreement/", agreements.agreement, name="agreement"),
    path("exchanges/<int:pk>/confirm/", agreements.confirm, name="confirm"),
    path("exchanges/<int:pk>/keep/", agreements.keep, name="keep"),
    path("exchanges/<int:pk>/dates.ics", calendars.dates, name="dates"),
    path("exchanges/<int:pk>/follow-up/", follow_ups.follow_up, name="follow_up"),
    path("exchanges/<int:pk>/thanks/", follow_ups.thank, name="thank"),
    path("exchanges/<int:pk>/thanks/keep/", follow_ups.keep_thanks, name="keep_thanks"),
    path("catalogue/new/", posting.post, name="post"),
    path("catalogue/new/autosave/", posting.autosave, name="autosave"),
    path("catalogue/<int:pk>/autosave/", posting.autosave, name="autosave"),
    path("catalogue/<int:pk>/edit/", posting.edit, name="edit"),
    path("catalogue/<int:pk>/preview/", posting.preview, name="preview"),
    path("catalogue/<int:pk>/publish/", posting.publish, name="publish"),
    path("catalogue/<int:pk>/pause/", listings.pause, name="pause"),
    path("catalogue/<int:pk>/resume/", listings.resume, name="resume"),
    path("catalogue/<int:pk>/confirm/", listings.confirm, name="confirm_listing"),
    path("catalogue/<int:pk>/renew/", listings.renew, name="renew"),
    path("catalogue/<int:pk>/withdraw/", listings.withdraw, name="withdraw_listing"),
    path("catalogue/<int:pk>/discard/", listings.discard, name="discard"),
    path("catalogue/<int:pk>/copy/", listings.copy, name="copy"),
    path("still-true/<str:token>/", listings.still_true, name="still_true"),
    path("countries/suggest/", posting.suggest_countries, name="suggest_countries"),
    path("me/listings/", listings.mine, name="mine"),
    # The last: any other word there is the title.
    path("catalogue/<int:pk>/", listings.listing, name="listing"),
    path("catalogue/<int:pk>/<str:slug>/", listings.listing, name="listing"),
]
