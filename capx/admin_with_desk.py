"""Django's admin with our desk in it; apart from the desk, which needs loaded apps."""

from django.contrib.admin.apps import AdminConfig


class WithDesk(AdminConfig):
    """The admin, with the organisers' desk as its site."""

    default_site = "capx.desk.Desk"
