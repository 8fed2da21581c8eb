from django.db import migrations

from audit_logs import triggers


class Migration(migrations.Migration):

    dependencies = [("audit_logs", "0001_initial")]

    operations = [
        migrations.RunSQL(create, drop) for create, drop in zip(triggers.CREATE, triggers.DROP, strict=True)
    ]
