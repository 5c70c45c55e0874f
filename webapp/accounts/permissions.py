"""Permissions on accounts."""

from webapp.core.permissions import declare

MANAGE = declare("accounts.manage", "Quản lý tài khoản, phân vai")
