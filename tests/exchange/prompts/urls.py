"""The product's addresses with the prompts among them, wherever the product itself mounts them."""

from django.urls import include, path

from config.urls import urlpatterns as product

urlpatterns = [path("line-prompts/", include("peerline.exchange.prompts.urls")), *product]
