from typing import Any

from django.db import migrations

from registry.searching import refill


def fill(apps: Any, schema_editor: Any) -> None:
    """Units and accounts that stood here before they could be searched for."""
    refill(apps.get_model("registry", "Unit"), apps.get_model("registry", "Account"))


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_files_and_history")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
