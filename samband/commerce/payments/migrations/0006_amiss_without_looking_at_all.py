from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # indexes are built while the house is open

    dependencies = [
        ("payments", "0005_keys_without_patterns"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="operation",
            index=models.Index(
                fields=["asked_at"],
                name="payments_operation_amiss",
                condition=Q(state="lost") | Q(state="refused", key__contains=":undo-"),
            ),
        ),
    ]
