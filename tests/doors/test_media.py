"""What was uploaded is served so that it can do nothing, and nothing else is served with it."""

import pytest

from samband.conf.media import Media


@pytest.fixture
def media(tmp_path):
    (tmp_path / "media" / "ab").mkdir(parents=True)
    (tmp_path / "media" / "ab" / f"{'ab' * 20}.svg").write_bytes(b"<svg/>")
    (tmp_path / "media" / "ab" / "page.html").write_bytes(b"<script>")
    (tmp_path / "media" / "ab" / ".draft.png").write_bytes(b"draft")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "media" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "media" / "ab" / "link.png").symlink_to(tmp_path / "secret.png")
    return Media(tmp_path / "media")


def ask(media: Media, path: str, method: str = "GET", **more: str) -> tuple[str, dict[str, str], bytes]:
    said = {}
    body = b"".join(
        media({"REQUEST_METHOD": method, "PATH_INFO": path, **more}, lambda *given: said.update(given=given))
    )
    status, headers = said["given"]
    return status, dict(headers), body


def test_a_picture_is_what_it_is_and_can_do_nothing(media) -> None:
    status, headers, body = ask(media, f"/media/ab/{'ab' * 20}.svg")
    assert (status, body) == ("200 OK", b"<svg/>")
    assert headers["Content-Type"] == "image/svg+xml"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "immutable" in headers["Cache-Control"]


def test_what_a_browser_has_it_need_not_fetch_again(media) -> None:
    path = f"/media/ab/{'ab' * 20}.svg"
    tag = ask(media, path)[1]["ETag"]
    assert ask(media, path, HTTP_IF_NONE_MATCH=tag)[::2] == ("304 Not Modified", b"")
    assert ask(media, path, "HEAD")[::2] == ("200 OK", b"")


@pytest.mark.parametrize(
    "path",
    [
        "/media/ab/page.html",
        "/media/../secret.png",
        "/media/ab/../../secret.png",
        "/media//secret.png",
        "/media/ab/link.png",
        "/media/ab/.draft.png",
        "/media/ab/nothing.png",
        "/media/ab/",
        "/media/",
        "/media/ab\x00/a.png",
        "/media/ab/..%2f..%2fsecret.png",
        "/media/link.png",
        "/media/" + "a" * 5000 + "/a.png",
    ],
)
def test_nothing_else_is_served(media, path: str) -> None:
    status, headers, body = ask(media, path)
    assert (status, body) == ("404 Not Found", b"")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_is_changed_there(media) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(media, f"/media/ab/{'ab' * 20}.svg", method)[0] == "405 Method Not Allowed"
