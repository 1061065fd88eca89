import struct
import zlib
from io import BytesIO

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from mulin.base import files, sandbox
from mulin.base.models import StoredFile
from mulin.base.settings_store import put
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import InvalidInput, LimitReached, NotFound

pytestmark = pytest.mark.django_db
GPS = {1: "N", 2: (36.0, 40.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.MULIN_HOME = tmp_path
    return tmp_path


def store(content, name="photo.jpg", **more):
    upload = SimpleUploadedFile(name, content)
    values = {"purpose": "request", "area_path": "37/", "actor_user_id": None, "now": NOON, **more}
    return files.store_upload(upload, **values)


def picture(kind="JPEG", size=(640, 480), mode="RGB", color="red", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, format=kind, **options)
    return out.getvalue()


def photo_of_a_phone():
    """Held upright: the sensor's picture lies on its side, and the camera noted place and turn."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Canary Phone"
    exif.get_ifd(0x8825).update(GPS)
    return picture(exif=exif)


def heic():
    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (320, 240), "blue")).save(out)
    return out.getvalue()


def left_behind(home):
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def test_a_photo_is_kept_upright_without_place_and_camera():
    content = photo_of_a_phone()
    assert b"Canary Phone" in content
    stored = store(content)
    path, media_type = files.open_bytes(stored)
    kept = path.read_bytes()
    assert (stored.width, stored.height, media_type) == (480, 640, "image/jpeg")
    assert b"Canary" not in kept
    with Image.open(path) as opened:
        assert not opened.getexif()
        assert not opened.info.get("exif")
    assert stored.size_bytes == len(kept)


def test_a_thumbnail_lies_beside_it():
    stored = store(picture(size=(2000, 1000)))
    path, media_type = files.open_bytes(stored, thumbnail=True)
    with Image.open(path) as small:
        assert small.size == (360, 180)
    assert media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("PNG", mode="RGBA", color=(0, 0, 0, 0)), "image/png"),
        (picture("GIF", mode="P", color=3), "image/png"),
        (picture("WEBP"), "image/jpeg"),
        (picture("JPEG", mode="CMYK", color=(0, 0, 0, 0)), "image/jpeg"),
        (picture("PNG", mode="I;16", color=9), "image/png"),
        (heic(), "image/jpeg"),
    ],
    ids=["png with transparency", "gif", "webp", "cmyk jpeg", "16 bit png", "heic"],
)
def test_whatever_a_phone_or_scanner_makes_can_be_shown_afterwards(content, media_type):
    stored = store(content, "IMG_0001.HEIC")
    assert stored.media_type == media_type
    with Image.open(files.open_bytes(stored)[0]) as opened:
        opened.load()


def test_a_large_photo_is_made_smaller():
    put(key="files.picture_side_pixels_max", value=800, valid_from=NOON.date(), source="测试")
    assert store(picture(size=(1600, 1200))).width == 800


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"MZ\x90\x00" + bytes(100),
        b"%PDF-1.7\n",
        b"",
        b"\x00\x00\x00\x18ftypavif" + bytes(50),
        b"just text",
    ],
    ids=["html", "svg", "program", "pdf", "nothing", "avif", "text"],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(content, home):
    with pytest.raises(InvalidInput, match=r"不是可以接收的类型.*JPEG") as caught:
        store(content, "photo.jpg")
    assert "Please upload JPEG" in caught.value.text.en
    assert left_behind(home) == []
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        picture()[:300],
        b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 20,
        b"GIF89a/*" + b"a" * 200,
        picture("PNG")[:-30].replace(b"IDAT", b"IDAX"),
        heic()[:200],
        b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(40),
    ],
    ids=["cut off", "script behind a jpeg mark", "gif polyglot", "broken png", "cut off heic", "empty webp"],
)
def test_a_broken_or_disguised_photo_is_refused_in_words(content, home):
    with pytest.raises(InvalidInput, match="这张图片打不开") as caught:
        store(content)
    assert "cannot be opened" in caught.value.text.en
    assert left_behind(home) == []


def pixel_flood(width, height):
    """A few bytes of PNG that claim to be a huge picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(65_500, 65_500), (12_000, 6_000)])
def test_a_flood_of_pixels_is_refused_in_words(size, home):
    with pytest.raises(LimitReached, match="图片尺寸太大（上限 60 百万像素）"):
        store(pixel_flood(*size))
    assert left_behind(home) == []


def test_a_file_that_is_too_large_is_refused_while_it_comes_in(home):
    put(key="files.size_bytes_max", value=1000, valid_from=NOON.date(), source="测试")
    with pytest.raises(LimitReached, match="文件太大"):
        store(picture() + bytes(2000))
    assert left_behind(home) == []


def test_a_pdf_is_taken_only_where_one_is_asked_for():
    stored = store(b"%PDF-1.7\nhello", "notice.pdf", kinds={"pdf"})
    assert (stored.media_type, stored.has_thumbnail) == ("application/pdf", False)
    with pytest.raises(InvalidInput, match="PDF"):
        store(picture(), kinds={"pdf"})


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\a.jpg", "a.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\n", "file"),
    ],
)
def test_a_name_is_for_showing_only(name, kept, home):
    upload = SimpleUploadedFile("x", picture())
    upload._name = name
    stored = files.store_upload(upload, purpose="p", area_path="", actor_user_id=None, now=NOON)
    assert stored.original_name == kept
    assert all(path.is_relative_to(home / "files") for path in left_behind(home))
    assert files.open_bytes(stored)[0].name == stored.public_id


def test_an_answer_can_be_shown_but_never_run():
    response = files.file_response(store(picture()))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Type"] == "image/jpeg"
    assert "attachment" not in response.headers.get("Content-Disposition", "")
    response.close()


def test_what_is_no_picture_is_saved_not_shown():
    response = files.file_response(store(b"%PDF-1.7\n", "公告.pdf", kinds={"pdf"}))
    assert response.headers["Content-Disposition"].startswith("attachment")
    response.close()


def test_bytes_that_are_gone_are_not_found():
    stored = store(picture())
    files.open_bytes(stored)[0].unlink()
    with pytest.raises(NotFound, match="文件已不在服务器上"):
        files.open_bytes(stored)


def test_removing_takes_the_bytes_along(home, django_capture_on_commit_callbacks):
    stored = store(picture())
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(stored)
    assert left_behind(home) == []


def test_bytes_of_an_undone_upload_are_swept_up_later(home):
    kept = store(picture())
    with pytest.raises(RuntimeError):
        undo_an_upload()
    assert len(left_behind(home)) == 4
    assert files.remove_orphans(NOON.replace(year=2020)) == 0, "it may still be on its way"
    assert files.remove_orphans(NOON.replace(year=2100)) == 2
    assert files.open_bytes(kept)


def undo_an_upload():
    with transaction.atomic():
        store(picture())
        raise RuntimeError


def test_the_child_is_stopped_when_it_takes_too_much(tmp_path):
    tight = sandbox.Limits(memory_mb=60, seconds=5)
    source = tmp_path / "in"
    source.write_bytes(picture(size=(4000, 4000)))
    arguments = [source, tmp_path / "out", tmp_path / "small", "jpeg", "60000000", "2560"]
    with pytest.raises((sandbox.Broken, sandbox.Refused)):
        sandbox.run("mulin.base.sandbox_images", arguments, tight)
