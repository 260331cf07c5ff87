from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from peerline.kernel import languages, week
from peerline.kernel.phone_numbers import ending, for_reading
from peerline.people import words
from peerline.vault.fields import SealedText

ROLES = [
    ("participant", "participant"),
    ("coordinator", "coordinator"),
    ("nurse", "nurse"),
    ("researcher", "researcher"),
    ("administrator", "administrator"),
]


class Organization(models.Model):
    name = models.CharField(max_length=120)


class Site(models.Model):
    """A place: a clinic, a church hall, a community center (S53)."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, default="clinic")  # clinic, community, church, other

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_site_name")]


class Person(models.Model):
    """Anybody Peerline knows: participant, staff, or both."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="people")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="people")
    first_name = SealedText()
    last_name = SealedText(blank=True)
    nickname = models.CharField(max_length=40)  # all a partner ever hears or sees
    title = models.CharField(max_length=80, blank=True)  # free text; defines no duty (S103)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=64, default="America/Detroit")
    born_year = models.IntegerField(null=True)
    gender = models.CharField(max_length=20, blank=True)  # woman, man, another, or not given
    culture = models.CharField(max_length=80, blank=True)  # only if the person chose to give it (S67)
    blocked_week = models.CharField(max_length=42, default="0" * 42)
    needs_relay = models.BooleanField(default=False)  # calls through a text relay: slow, never cut off
    made_up = models.BooleanField(default=False)  # a demonstration person, labeled so everywhere
    registry_id = models.CharField(max_length=60, blank=True)  # the clinic's own number for this person, for imports
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "registry_id"], condition=~Q(registry_id=""), name="one_registry_id"
            )
        ]

    @property
    def blocked(self) -> int:
        return week.from_text(self.blocked_week)

    @property
    def language_name(self) -> str:
        return languages.LANGUAGES.get(self.language, self.language)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class ContactPoint(models.Model):
    """A telephone number (E.164) or an e-mail address. Several people may share a home number."""

    PHONE, EMAIL = "phone", "email"

    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=5, choices=[(PHONE, PHONE), (EMAIL, EMAIL)])
    label = models.CharField(max_length=20, default="home")  # home, mobile, work
    value = SealedText()
    value_hash = models.CharField(max_length=64, db_index=True)
    preferred = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)  # an unverified number is never dialled for a partner

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "value_hash"], name="a_contact_once_a_person")]

    @property
    def shown(self) -> str:
        """The whole number as it is read, or the address."""
        return for_reading(self.value) if self.kind == self.PHONE else self.value

    @property
    def hinted(self) -> str:
        """Enough to tell it from others: "•••• 23", or the part of an address behind the @."""
        return ending(self.value) if self.kind == self.PHONE else f"••••@{self.value.split('@')[-1]}"

    @property
    def label_words(self) -> str:
        return str(words.CONTACT_LABELS.get(self.label, self.label))


class RemovedNumber(models.Model):
    """A number taken out of the system (S15): it can neither dial in nor be dialled. Only the hash is kept."""

    value_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()


class SearchKey(models.Model):
    """A keyed hash of one beginning of one of a person's names, so that sealed names can be found. See ADR 0141."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=16, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_search_key")]


class Role(models.Model):
    """What a person may do, and where. site and program null: the whole organization."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=20, choices=ROLES)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="+")
    program_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="roles_now")]

    @property
    def role_words(self) -> str:
        return str(words.ROLES[self.name])


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: object) -> "Account":
        account = self.model(email=self.normalize_email(email) or None, **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """The key to the website. Staff: e-mail, password and a second factor. Participants: a code, and no password."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="account")
    email = models.EmailField(unique=True, null=True)
    is_active = models.BooleanField(default=True)
    second_factor_off = models.BooleanField(default=False)  # demonstration people only

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"account {self.pk}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Merge(models.Model):
    """Two records that were one person's: what the one held is the other's since. moved: [table, column, numbers of rows];
    facts: what the survivor lacked and has from the other, with what stood there before; also: what rooms noted, to undo it.
    """

    keep = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, related_name="merged")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    moved = models.JSONField(default=list)
    facts = models.JSONField(default=list)
    also = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merged_once")]


class NoDouble(models.Model):
    """Two records that look alike and are two people, as somebody of the staff said. first has the lower number."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="no_double_once")]
