"""The addresses of phones and stations in the store. The short ones stand in the codes themselves."""

from django.urls import path

from . import arriving, basketing, board, door, leaving, ordering, paying, scanning, screens, shelf, stations, visiting

app_name = "kiosk"
urlpatterns = [
    path("k/<str:token>", arriving.scanned, name="code"),
    path("k/<str:token>/", arriving.scanned),
    path("kiosk/", visiting.home, name="home"),
    path("kiosk/arrive/", arriving.begin, name="arrive"),
    path("kiosk/leave/", visiting.leave, name="leave"),
    path("kiosk/menu/", ordering.order, name="menu"),
    path("kiosk/menu/dish/", ordering.dish, name="dish"),
    path("kiosk/scan/", scanning.scan, name="scan"),
    path("kiosk/goods/<path:sku>/", shelf.goods, name="goods"),
    path("kiosk/basket/", basketing.basket, name="basket"),
    path("kiosk/basket/add/", basketing.add, name="add"),
    path("kiosk/basket/line/", basketing.change, name="line"),
    path("kiosk/basket/settle/", basketing.settle, name="settle"),
    path("kiosk/basket/coupon/", basketing.coupon, name="coupon"),
    path("kiosk/basket/till/", visiting.till, name="till"),
    path("kiosk/pay/", paying.pay, name="pay"),
    path("kiosk/pay/back/", paying.back, name="pay-back"),
    path("kiosk/order/<slug:number>/", leaving.order, name="order"),
    path("kiosk/order/<slug:number>/now/", leaving.progress, name="progress"),
    path("kiosk/station/<str:key>/", stations.come_in, name="station"),
    path("kiosk/enrol/", stations.enrol, name="enrol"),
    path("kiosk/board/", board.show, name="board"),
    path("kiosk/board/now/", board.now, name="board-now"),
    path("kiosk/board/step/", board.step, name="board-step"),
    path("kiosk/door/", door.door, name="door"),
    path("kiosk/door/looked/", door.looked, name="looked"),
    path("kiosk/screens/", screens.choose, name="screens"),
    path("kiosk/screen/<int:spot>/", screens.screen, name="screen"),
    path("kiosk/screen/<int:spot>/now/", screens.now, name="screen-now"),
]
