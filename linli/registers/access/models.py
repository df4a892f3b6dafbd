"""Accounts and the organisation they work in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Department(models.Model):
    """One 部门 (bureau, town office, company on duty for the city). Loaded from the city folder; staff-public."""

    code = models.CharField(max_length=64, primary_key=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=32)
    parent_code = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_zh


class Role(models.Model):
    """One kind of work, such as 派遣员. What a role may do is declared by the rooms (`RoomRules`)."""

    code = models.CharField(max_length=32, primary_key=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name_zh


class Post(models.Model):
    """One 岗位: a role in a department for some areas (code prefixes; none = the whole city)."""

    code = models.CharField(max_length=64, primary_key=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    department = models.ForeignKey(Department, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts")
    area_codes = ArrayField(models.CharField(max_length=16), default=list, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class AccountManager(BaseUserManager["Account"]):
    """Creation by user name."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Create an account with a hashed password; None makes log-in by password impossible."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One person who can log in: staff, or a citizen (kind "citizen"). Personal data: the display name."""

    username = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=16, default="staff")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name_zh or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether the password is right. EFFECTS: a hash of an older kind is replaced, by an action."""

        def rehash(password: str) -> None:
            from linli.registers.access.actions import password_rehash

            password_rehash(self, password)

        return check_password(raw_password, self.password, rehash)


class Holding(models.Model):
    """Who holds which post from when to when (half-open days; no end = until further notice)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "post", "from_on"], name="access_holding_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.post}"


class AreaMember(models.Model):
    """One area code that belongs to a named area (such as 直管) which is no prefix. Filled by places."""

    area = models.CharField(max_length=64)
    code = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "code"], name="access_area_member_once")]

    def __str__(self) -> str:
        return f"{self.area} {self.code}"
