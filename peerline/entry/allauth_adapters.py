"""How allauth is bent to this house: no sign-up, secrets sealed by the vault, no mail of its own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from peerline.people.access import demo_is_open
from peerline.vault.services import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth writes nobody: what people are told goes through the outbox."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Made-up people have passwords everybody knows: they open nothing once others can reach the server."""
        account = super().authenticate(request, **credentials)
        if account is not None and account.second_factor_off and not demo_is_open():
            return None
        return account


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text.encode()).decode()
