from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("timeline", "0003_keys_forgotten")]

    operations = [
        migrations.AddField(model_name="entry", name="correlation", field=models.UUIDField(null=True)),
    ]
