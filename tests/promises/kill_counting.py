"""A reaction that writes down each time it takes effect, and a worker that has it: `samband work`, and this."""

from django.db import connection

from samband.events.orders import OrderCompleted
from samband.timeline import on
from samband.timeline.reacting import REACTIONS

TABLE = "create table if not exists kill_heard (nth bigserial primary key, subject text, number text)"


def count(event: OrderCompleted) -> None:
    """Nothing here keeps it from being done twice."""
    if event.number.startswith("N-"):
        with connection.cursor() as cursor:
            cursor.execute("insert into kill_heard (subject, number) values (%s, %s)", [event.subject, event.number])


if "kill_counting.count" not in REACTIONS:
    on(OrderCompleted)(count)


if __name__ == "__main__":
    import django

    django.setup()
    from samband.conf import serving

    serving.work()
