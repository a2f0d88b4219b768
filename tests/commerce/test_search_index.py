"""The index on disk: killed, damaged, raced for, and always found again."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from samband.commerce.catalog import commands
from samband.commerce.catalog.search import Ask, catch_up, fields, find, indexing, prices, rebuild, state
from tests.commerce.assortment import Prices, attributes, draft, on_sale, priced, tree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SEARCH_ROOT = tmp_path
    with priced(prices.NoPrices()):
        yield


@pytest.fixture
def _assortment() -> None:
    tree()
    attributes()


def total(text: str = "") -> int:
    return find(Ask("shop", "GR", "en", text)).total


def folder() -> Path:
    known = state.read_state()
    assert known is not None
    return state.root() / known.folder


@pytest.mark.usefixtures("_assortment")
def test_the_first_question_builds_the_index() -> None:
    on_sale("hraun")
    assert total("sofa") == 1


@pytest.mark.usefixtures("_assortment")
def test_an_empty_shop_has_nothing_to_find() -> None:
    catch_up()
    assert total() == total("sofa") == 0


@pytest.mark.usefixtures("_assortment")
@pytest.mark.parametrize("half_way", ["adding", "before the state"])
@pytest.mark.parametrize("deed", [catch_up, rebuild])
def test_killed_half_way_it_is_done_again(monkeypatch: pytest.MonkeyPatch, half_way: str, deed: Any) -> None:
    on_sale("hraun")
    assert total() == 1
    on_sale("esja")

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if half_way == "adding":
            patch.setattr(indexing.Writer, "documents", die)
        else:
            patch.setattr(indexing, "write_state", die)
        with pytest.raises(Killed):
            deed()
    assert total() == 1

    assert catch_up() is True
    assert total() == total("sofa") == 2
    rebuild()
    assert len(list(state.root().glob("index-*"))) <= 2


def _die_while_indexing(root: str) -> None:
    from django.conf import settings

    connection.close()
    settings.SEARCH_ROOT = root
    indexing.write_state = lambda _: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    catch_up()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_lets_the_next_one_in() -> None:
    tree()
    attributes()
    on_sale("hraun")
    connection.close()
    dying = multiprocessing.get_context("fork").Process(target=_die_while_indexing, args=(str(state.root()),))
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    assert state.read_state() is None
    assert catch_up(wait=False) is True
    assert total("sofa") == 1


def _garble(path: Path) -> None:
    path.write_bytes(b"garbled" + path.read_bytes()[7:][::-1])


@pytest.mark.usefixtures("_assortment")
@pytest.mark.parametrize(
    "damage", ["state gone", "state garbled", "folder gone", "meta gone", "meta garbled", "segments gone"]
)
def test_a_damaged_index_is_built_anew(damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    on_sale("hraun")
    catch_up()
    where = folder()
    match damage:
        case "state gone":
            state.state_file().unlink()
        case "state garbled":
            state.state_file().write_bytes(b'{"folder": 5}')
        case "folder gone":
            for path in where.iterdir():
                path.unlink()
            where.rmdir()
        case "meta gone":
            (where / "meta.json").unlink()
        case "meta garbled":
            _garble(where / "meta.json")
        case "segments gone":
            for path in where.glob("*.store"):
                path.unlink()
            for path in where.glob("*.fast"):
                path.unlink()
    _as_another_process(monkeypatch)
    assert total("sofa") == 1
    on_sale("esja")
    catch_up()
    assert total("sofa") == 2


def _as_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know nothing of what this process has open."""
    from samband.commerce.catalog.search import reading

    monkeypatch.setattr(reading, "_reader", reading._Reader())


@pytest.mark.usefixtures("_assortment")
def test_damage_is_noticed_when_catching_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    on_sale("hraun")
    catch_up()
    (folder() / "meta.json").write_bytes(b"{}")
    on_sale("esja")
    assert catch_up() is True
    _as_another_process(monkeypatch)
    assert total() == 2


@pytest.mark.usefixtures("_assortment")
def test_another_shape_is_built_beside_and_put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    on_sale("hraun")
    catch_up()
    before = folder()
    monkeypatch.setattr(fields, "SHAPE", fields.SHAPE + 1)
    on_sale("esja")
    assert catch_up() is True
    assert folder() != before
    assert total() == 2


@pytest.mark.usefixtures("_assortment")
def test_a_new_channel_or_market_gives_the_index_another_shape() -> None:
    on_sale("hraun")
    catch_up()
    on_sale("esja", channel="kiosk")
    catch_up()
    assert find(Ask("kiosk", "GR", "en")).total == 1
    with priced(Prices(HRAUN_1=100)):
        catch_up()
        assert [find(Ask("shop", "GR", "en", sort="price")).total, find(Ask("kiosk", "GR", "en")).total] == [1, 0]


@pytest.mark.usefixtures("_assortment")
def test_products_that_went_are_noticed() -> None:
    on_sale("hraun")
    gone = on_sale("esja")
    catch_up()
    with connection.cursor() as cursor:
        cursor.execute("delete from catalog_publication where product_id = %s", [gone])
        cursor.execute("delete from catalog_variant where product_id = %s", [gone])
        cursor.execute("delete from catalog_product where id = %s", [gone])
    on_sale("katla")
    catch_up()
    assert total("sofa") == 2


HOLD = """
import sys
from fasteners import InterProcessLock
with InterProcessLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.usefixtures("_assortment")
def test_only_one_process_writes_and_the_others_do_not_wait() -> None:
    on_sale("hraun")
    holder = [sys.executable, "-c", HOLD, str(state.root() / indexing.LOCK_FILE)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        assert catch_up(wait=False) is False
        other.communicate("\n")
    assert catch_up(wait=False) is True


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_missed() -> None:
    """The first to change holds back the second, so nothing above the cursor can become visible after it."""
    tree()
    attributes()
    on_sale("hraun")
    catch_up()
    saved, go_on, second_done = threading.Event(), threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            on_sale("slow")
            saved.set()
            go_on.wait()
        connection.close()

    def quickly() -> None:
        on_sale("quick")
        second_done.set()
        connection.close()

    first, second = threading.Thread(target=slowly), threading.Thread(target=quickly)
    first.start()
    saved.wait()
    second.start()
    catch_up()
    assert (total(), second_done.is_set()) == (1, False)
    go_on.set()
    first.join()
    second.join()
    catch_up()
    assert total() == 3


@pytest.mark.django_db(transaction=True)
def test_many_who_want_to_write_take_turns() -> None:
    tree()
    attributes()
    on_sale("hraun")
    failures: list[Exception] = []

    def write(number: int) -> None:
        try:
            commands.publish(commands.save_product(draft(f"sofa-{number}")).product_id, "shop")
            catch_up()
            assert total() >= 1
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    catch_up()
    assert (failures, total()) == ([], 7)
