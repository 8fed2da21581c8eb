"""The audit log: the floor everybody stands on."""

from django.apps import AppConfig


class AuditLogsConfig(AppConfig):
    """Events, the numbered log of them, its checkpoints."""

    name = "audit_logs"
    default_auto_field = "django.db.models.BigAutoField"
