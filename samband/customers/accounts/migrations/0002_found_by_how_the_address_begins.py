from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes are built while the house is open

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(fields=["email"], opclasses=["text_pattern_ops"], name="contact_email_begins"),
        ),
        RemoveIndexConcurrently(model_name="contact", name="contact_email"),  # the new one serves whole addresses too
    ]
